import type { Chart } from './chart';
import { difference } from './fit';
import type { Reference } from './identity';
import { isAxisStrip } from './pane';
import type { PriceColumn } from './price-axis';

/** Of all charts of a frame, those that the estimate belongs on. */

/** A pane lower than this share of the tallest in its stack shows an indicator. */
const tallEnough = 0.6;
/** Of charts that do not tell whose they are, the page's main one is so many times larger than any other. */
const mainChart = 10;

/** Axes of one pane that put a price this much farther apart than both are unsure tell different prices. */
const rivalPx = 3;

interface Stack {
  place: DOMRect;
  members: Chart[];
}

const placeOf = (element: Element): DOMRect => element.getBoundingClientRect();

/** Whether two stand one below the other. */
const areInLine = (one: DOMRect, other: DOMRect): boolean =>
  Math.abs(one.left - other.left) < 4 && Math.abs(one.width - other.width) < 8;

/** How badly the visible prices miss the reference, in ln; 0 where they include it. */
const missOf = ({ low, high }: PriceColumn, reference: number): number =>
  Math.max(0, Math.log(low / reference), Math.log(reference / high));

/** Charts whose panes stand one below the other. */
function stacksOf(charts: Chart[]): Stack[] {
  const stacks: Stack[] = [];
  for (const chart of charts) {
    const place = placeOf(chart.pane!.element);
    const stack = stacks.find((each) => areInLine(each.place, place));
    if (stack) stack.members.push(chart);
    else stacks.push({ place, members: [chart] });
  }
  return stacks;
}

/**
 * Of all axes in one column of panes, the price's: near the reference, tall, on the right. None where two axes of its
 * pane tell different prices, nor where it does not tell whose it is and another pane is as tall: two charts stand one below
 * the other as panes do.
 */
function priceOf({ members }: Stack, reference: Reference | undefined): Chart | undefined {
  const tallest = Math.max(...members.map(({ pane }) => pane!.height));
  const rank = ({ pane, column, source, identity }: Chart) => {
    const short = pane!.height < tallEnough * tallest ? 1e6 : 0;
    // Its library knows which scale is that of its main series.
    const untold = column!.told ? -1e5 : identity === 'own' ? 0 : 1e5;
    // Among axes that include the price the one that shows it closest.
    const far =
      reference === undefined
        ? 0
        : missOf(column!, reference.price) * 1e3 + ((column!.high - column!.low) / reference.price) * 10;
    const leftSide = placeOf(source).left <= placeOf(pane!.element).left;
    return short + untold + far + (leftSide ? 1 : 0) - pane!.height * 1e-3;
  };
  const best = members.reduce((best, chart) => (rank(chart) < rank(best) ? chart : best));
  const { height, element } = best.pane!;
  const isRival = ({ axis, pane, column }: Chart) =>
    pane!.element === element
      ? (!best.column!.told || column!.told) &&
        difference(best.axis!, axis!, { top: 0, bottom: height }) >
          rivalPx + best.column!.fit.spread + column!.fit.spread
      : !best.column!.told && best.identity !== 'own' && pane!.height > tallEnough * height;
  return members.some(isRival) ? undefined : best;
}

/** Its numbers cannot be the symbol's prices, or nobody sees them: any other chart that is refused may be the symbol's own. */
const foreign: unknown[] = ['implausible', 'hidden'];

/**
 * Whether a chart may be the symbol's own, beside the other charts of the page. Charts that do not tell give way to one
 * that does, and to one that is refused for now; where none tells, only one that is much larger than the others is
 * believed.
 */
function mayBeOwn(chart: Chart, winners: Chart[], all: Chart[]): boolean {
  const areaOf = ({ pane }: Chart) => pane!.width * pane!.height;
  const { element } = chart.pane!;
  const own = placeOf(element);
  const isDoubt = ({ axis, pane, refusal, source }: Chart) => {
    // What never had an axis has no pane; a strip of labels is none.
    const other = pane?.element ?? source;
    const place = placeOf(other);
    const isIndicator = place.height < tallEnough * own.height && areInLine(place, own);
    const isSmall = mainChart * place.width * place.height < own.width * own.height;
    const isNone = isIndicator || isSmall || isAxisStrip(place) || foreign.includes(refusal);
    return !(axis || other === element || isNone);
  };
  const isEqual = (other: Chart) =>
    other !== chart && (other.identity === 'own' || areaOf(chart) <= mainChart * areaOf(other));
  return chart.identity === 'own' || !(all.some(isDoubt) || winners.some(isEqual));
}

/**
 * Whether a taller axis stands in one line with a chart's own, though it be refused: then the lower pane shows an indicator. Boxes
 * alone are the tags on another axis: one as tall that is refused is enough.
 */
function isBesideTaller({ source, identity, column }: Chart, all: Chart[]): boolean {
  const own = placeOf(source);
  const areTags = column!.labels.every(({ boxed }) => boxed);
  return (
    identity !== 'own' &&
    isAxisStrip(own) &&
    all.some((other) => {
      const place = placeOf(other.source);
      const least = areTags && !other.axis ? 1.1 : tallEnough;
      return areInLine(place, own) && own.height < least * place.height;
    })
  );
}

/**
 * Of each stack the chart of the price, where it may be the symbol's own.
 *
 * @param all charts; those with an axis and a pane are chosen from
 */
export function chooseCharts(all: Chart[], reference: Reference | undefined): Chart[] {
  const charts = all.filter((chart) => chart.axis && chart.pane && !isBesideTaller(chart, all));
  const winners = stacksOf(charts).flatMap((stack) => priceOf(stack, reference) ?? []);
  return winners.filter((chart) => !reference || mayBeOwn(chart, winners, all));
}
