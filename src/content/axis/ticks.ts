import { type AxisFit, difference, isOn } from './fit';
import { type AxisLabel, byLook } from './labels';

/**
 * Tells an axis's ticks from the tags that stand among them: prices of orders, positions, lines and the last trade.
 * Charts push tags that would cover each other to an even pitch, and such a stack looks like an axis of its own. Ticks
 * are painted first, in one ink, apart from each other, at round prices; tags have boxes of their own.
 */

/** The line through some labels; undefined where there is none. */
export type FitLine = (labels: AxisLabel[]) => AxisFit | undefined;

export interface Ticks {
  fit: AxisFit;
  /** What speaks for them being ticks is more than what could speak for tags. */
  certain: boolean;
}

interface Group {
  labels: AxisLabel[];
  fit: AxisFit;
  /** Place of the first label in the order of painting. */
  order: number;
  evidence: number;
}

/** What speaks for labels being ticks. */
const evidence = {
  /** Painted before all others. */
  first: 2,
  /** Apart from each other, or touching as tags that were pushed aside do. */
  apart: 2,
  touching: -2,
  /** At multiples of a step that is round. */
  round: 2,
  /** In boxes of their own. */
  boxed: -5,
  few: -2,
};
/** So much must speak for ticks alone, so much for those painted after some, and so much more for them than for others that put prices elsewhere. */
const least = { alone: 1, certain: 3, lead: 2 };

/** Tags that touch lie less than this many times the height of their digits apart, ticks lie further; boxes may have two rows. */
export const touching = { plain: 2.6, boxed: 4.6 };
/** Labels that put prices this much elsewhere say something else, px beside what both may be off. */
const elsewhere = 2.6;
/** Of labels of one look that hold tags as well so many runs and lines are tried: a page can write what it likes. */
const most = { runs: 8, lines: 3, labels: 64 };
const roundSteps = [1, 2, 2.5, 3, 4, 5, 6, 8];

/**
 * The ticks of one column of labels.
 *
 * @param column by ascending y
 * @returns 'tags' where ticks cannot be told from tags, undefined where nothing lies on a line
 */
export function findTicks(column: AxisLabel[], fitLine: FitLine): Ticks | 'tags' | undefined {
  const looks = byLook(column);
  if (looks.length === 1) {
    const fit = fitLine(column);
    if (fit?.marks.length === column.length) return judge([groupOf(column, fit, column)], column, fitLine);
  }
  return judge(
    looks.flatMap((look) => linesOf(look, fitLine)),
    column,
    fitLine,
  );
}

const groupOf = (labels: AxisLabel[], fit: AxisFit, look: AxisLabel[]): Group => ({
  labels,
  fit,
  order: Math.min(...labels.map(({ order }) => order)),
  // Less than half of the labels that look like these: a few lie on a line by chance.
  evidence: labels.length * 2 < look.length && labels.length < 5 ? evidence.few : 0,
});

/** The lines that labels of one look lie on: all on one, or some of them on some. */
function linesOf(look: AxisLabel[], fitLine: FitLine): Group[] {
  if (look.length < 2) return [];
  const whole = fitLine(look);
  if (whole?.marks.length === look.length) return [groupOf(look, whole, look)];
  const found: Group[] = [];
  const runs = runsOf(look)
    .filter(({ length }) => length >= 3)
    .slice(0, most.runs);
  for (const run of [...runs, lone(look)]) {
    const fit = run.length >= 3 && run.length < look.length ? fitLine(run) : undefined;
    if (fit?.marks.length === run.length) found.push(groupOf(run, fit, look));
  }
  let rest = look;
  let line = whole;
  const lines = look.length > most.labels ? 1 : most.lines;
  for (let i = 0; line && i < lines; i++) {
    const on = rest.filter(isOn(line));
    if (on.length > 0) found.push(groupOf(on, line, look));
    rest = rest.filter((label) => !on.includes(label));
    line = rest.length >= 2 && i + 1 < lines ? fitLine(rest) : undefined;
  }
  return found;
}

/** Labels painted one after the other from top to bottom, or from bottom to top. */
function runsOf(look: AxisLabel[]): AxisLabel[][] {
  const runs: AxisLabel[][] = [];
  let way = 0;
  for (const label of look.toSorted((one, other) => one.order - other.order)) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    const to = last ? Math.sign(label.y - last.y) : 0;
    if (run && (way === 0 || to === way)) {
      run.push(label);
      way = to;
    } else {
      runs.push([label]);
      way = 0;
    }
  }
  return runs.map((run) => run.sort((one, other) => one.y - other.y));
}

const touches = (one: AxisLabel, other: AxisLabel): boolean =>
  Math.abs(one.y - other.y) <
  touching[one.boxed && other.boxed ? 'boxed' : 'plain'] * Math.max(one.tall, other.tall);

/** Labels that touch no other. */
const lone = (labels: AxisLabel[]): AxisLabel[] =>
  labels.filter(
    (label, i) =>
      !(i > 0 && touches(label, labels[i - 1]!)) &&
      !(i + 1 < labels.length && touches(label, labels[i + 1]!)),
  );

/** Some libraries put labels at the very ends of the pane as well, whatever the price there, beside or beyond the last tick. */
function areTicksRound(labels: AxisLabel[], isLog: boolean): boolean {
  if (areRound(labels, isLog)) return true;
  if (labels.length <= 4) return false;
  const last = labels.length - 1;
  const ends = [0, 1, -1].flatMap((low) => [last, last - 1, -1].map((high) => [low, high]));
  return ends.some(([low, high]) => {
    const others = labels.filter((_, i) => i !== low && i !== high);
    return others.length < labels.length && areRound(others, isLog);
  });
}

/**
 * Whether values are whole multiples of 1, 2, 2.5, 4 or 5 times a power of ten, one such step apart or a few. On a
 * logarithmic axis steps differ, and only the smallest one's power of ten counts.
 */
function areRound(labels: AxisLabel[], isLog: boolean): boolean {
  const steps = labels.slice(1).map(({ value }, i) => Math.abs(value - labels[i]!.value));
  const step = Math.min(...steps);
  if (!(step > 0)) return false;
  const doubt = 2 * Math.max(...labels.map(({ half }) => half));
  const power = 10 ** Math.floor(Math.log10(step) + 1e-9);
  return [power, 10 * power].some((unit) =>
    roundSteps.some((nice) => {
      const round = nice * unit;
      return (
        (Math.abs(step - round) <= doubt || (isLog && nice === 1 && unit === power)) &&
        labels.every(({ value, half }) => Math.abs(value - Math.round(value / round) * round) <= 1.01 * half)
      );
    }),
  );
}

function weigh(group: Group, first: number): number {
  const { labels, order, fit } = group;
  const close = labels.filter((label, i) => i > 0 && touches(label, labels[i - 1]!)).length;
  const isStack = close * 2 >= labels.length;
  return (
    (order <= first ? evidence.first : 0) +
    (isStack ? evidence.touching : close ? 0 : evidence.apart) +
    (areTicksRound(labels, fit.scale === 'log' && !fit.ambiguous) ? evidence.round : 0) +
    (labels.every(({ boxed }) => boxed) ? evidence.boxed : 0)
  );
}

/** The line that most speaks for, where nothing speaks nearly as much for another one. */
function judge(groups: Group[], column: AxisLabel[], fitLine: FitLine): Ticks | 'tags' | undefined {
  if (groups.length === 0) return undefined;
  // Prices do not reach nought: what does is the volume's, of a pane below.
  const priced = groups.filter(({ labels }) => labels.every(({ value }) => value > 0));
  if (priced.length > 0 && priced.length < groups.length) return judge(priced, column, fitLine);
  // Boxes may be painted before the ticks.
  const first = Math.min(...column.flatMap(({ order, boxed }) => (boxed ? [] : order)));
  for (const group of groups) group.evidence += weigh(group, first);
  // Two labels make no ticks where three lie on a line, yet they may gainsay them.
  const isEnough = groups.some(({ labels }) => labels.length >= 3);
  const [best] = groups
    .filter(({ labels }) => !isEnough || labels.length >= 3)
    .sort((one, other) => other.evidence - one.evidence || other.labels.length - one.labels.length);
  if (best!.evidence < (best!.order <= first ? least.alone : least.certain)) return 'tags';
  const extent = { top: column[0]!.y, bottom: column.at(-1)!.y };
  const agrees = ({ fit }: Group) =>
    difference(best!.fit, fit, extent) <= elsewhere + best!.fit.spread + fit.spread;
  const rivals = groups.filter((other) => !agrees(other));
  if (rivals.some((rival) => rival.evidence > best!.evidence - least.lead)) return 'tags';
  return { fit: extend(best!, column, fitLine), certain: best!.evidence >= least.certain };
}

/** A line through few or coarse ticks is made surer by the tags that nothing has pushed aside. */
function extend({ labels, fit }: Group, column: AxisLabel[], fitLine: FitLine): AxisFit {
  if (labels.length > 3 && fit.spread < 1) return fit;
  const alone = lone(column);
  const more = column.filter((label) => labels.includes(label) || alone.includes(label));
  if (more.length === labels.length) return fit;
  const sharper = fitLine(more);
  const keepsAll = sharper && labels.every(isOn(sharper));
  return keepsAll && sharper.spread < fit.spread ? sharper : fit;
}
