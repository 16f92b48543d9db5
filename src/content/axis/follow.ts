import type { AxisMessage } from './axis-message';
import { inliers, lineThrough } from './fit';
import { type AxisLabel, labelAt } from './labels';
import { parseNumber } from './parse-number';
import { isPlausible, plausible } from './plausible';
import { type ColumnOptions, mayBeIndexed, type PriceColumn, slack } from './price-axis';
import { touching } from './ticks';

/** Fewer ticks than this are not followed: tags that stand among them may make a line through so few surer. */
const leastTicks = 4;
/** What labels allow a line to be off, and what two scales may be apart, px, where a search would not ask for more. */
const mostSpread = 1;
const mostDoubt = 2;
/** A logarithmic scale that bends more than this, px, shows in the labels. */
const mostBend = 1.2;

/**
 * The column of an axis that a search has found a moment ago, where it has merely moved since: all numbers on the canvas
 * stand in its place, in its look and one of its steps apart from the one painted before, but for tags in boxes that are
 * painted after them, and one line goes through all of them as closely as a search demands. Such a column a search would
 * find as well, at many times the cost.
 *
 * @param before found by a search, on a canvas of the same size
 * @returns undefined where anything is different: then only a search tells
 */
export function follow(
  before: PriceColumn,
  message: AxisMessage,
  options: ColumnOptions,
): PriceColumn | undefined {
  const [model, next] = before.labels;
  const isKnown =
    before.certain && before.checked && !before.told && !before.plot && before.fit.scale === 'linear';
  if (!isKnown || message.library || message.layout || message.clips.length > 0) return undefined;
  const height = message.height * options.ky;
  const step = next!.value - model!.value;
  const ticks: AxisLabel[] = [];
  const tags: AxisLabel[] = [];
  let way = 0;
  for (const [order, label] of message.labels.entries()) {
    const number = parseNumber(label.text);
    if (!number) continue;
    const at = labelAt(label, number, order, options);
    const isElsewhere = at.align !== model!.align || Math.abs(at.x - model!.x) > 1;
    if (isElsewhere || at.percent || at.abbreviated || at.foreign || at.adrift || !(at.value > 0))
      return undefined;
    const last = ticks.at(-1);
    const rise = last ? at.y - last.y : 0;
    way ||= Math.sign(rise);
    // Ticks are painted before tags, from one end to the other. One may stand where the last tag left its box.
    const isTick =
      at.style === model!.style &&
      at.half === model!.half &&
      tags.length === 0 &&
      (!last ||
        (rise * way >= touching.plain * at.tall &&
          Math.abs(at.value - last.value - step * way) < 1e-6 * Math.abs(step)));
    if (isTick) ticks.push(at);
    else if (at.boxed) tags.push(at);
    else return undefined;
  }
  if (ticks.length < leastTicks || tags.length * 2 > ticks.length) return undefined;
  if (way < 0) ticks.reverse();
  const line = lineThrough(ticks, 'linear');
  if (!line || inliers(ticks, 'linear', line, slack.whole).length < ticks.length) return undefined;

  const first = ticks[0]!;
  const last = ticks.at(-1)!;
  const low = Math.min(first.value, last.value);
  const high = Math.max(first.value, last.value);
  const span = last.y - first.y;
  /** From the middle of the ticks to the farther end of the canvas, in halves of what they span. */
  const reach = 1 + (2 * Math.max(first.y, height - last.y)) / span;
  const spread = (1.05 * slack.whole + Math.abs(line.b) * first.half) * reach;
  /** How far a logarithmic scale through both ends is off in the middle. */
  const bend = (span * (high - low)) / (4 * (high + low));
  const ambiguous = bend < mostBend;
  const doubt = ambiguous ? bend * Math.max(1, reach ** 2 - 1) : 0;
  const fit = { ...before.fit, ...line, marks: ticks, ambiguous, spread: Math.max(spread, doubt) };
  const found = { column: [...ticks, ...tags], fit, low, high };
  const isSure =
    spread < mostSpread &&
    doubt < mostDoubt &&
    isPlausible(low, high, options.reference!, plausible.first) &&
    !mayBeIndexed(found, options.reference);
  if (!isSure) return undefined;
  return {
    ...before,
    fit,
    labels: ticks,
    low,
    high,
    tags: tags.map(({ value }) => value),
  };
}
