import { useEffect, useRef, useState } from 'preact/hooks';
import { price } from '../ui/format';
import { t } from '../ui/text';
import type { Report } from './report';

interface Mark {
  at: number;
  text: string;
  /** Stands above or below the line. */
  row: 0 | 1;
  isRule?: boolean;
}

const pad = 12;

/** Everything that has a price on one line, true to scale; each stands in words in the lists below, too. */
export function Strip({ report }: { report: Report }) {
  const box = useRef<HTMLDivElement>(null);
  const [{ width, em }, setSize] = useState({ width: 600, em: 11 });
  useEffect(() => {
    const sizes = new ResizeObserver(([entry]) => {
      if (!entry) return;
      const text = entry.target.querySelector('text') ?? entry.target;
      setSize({ width: entry.contentRect.width, em: Number.parseFloat(getComputedStyle(text).fontSize) });
    });
    if (box.current) sizes.observe(box.current);
    return () => sizes.disconnect();
  }, []);

  const marks = marksOf(report);
  const zones = report.setups.map(({ cluster }) => cluster);
  const prices = [
    report.price,
    ...marks.map(({ at }) => at),
    ...zones.flatMap(({ low, high }) => [low, high]),
  ];
  const low = Math.log(Math.min(...prices));
  const high = Math.log(Math.max(...prices));
  const x = (at: number) => pad + ((Math.log(at) - low) / Math.max(1e-9, high - low)) * (width - 2 * pad);
  const placed = [0, 1].flatMap((row) =>
    place(
      marks.filter((mark) => mark.row === row),
      x,
      width,
      em,
    ),
  );
  const linesOf = (row: 0 | 1) =>
    1 + Math.max(0, ...placed.filter(({ mark }) => mark.row === row).map(({ line }) => line));
  const lineHeight = 1.3 * em;
  // Middle of the axis: under the lines of words above it.
  const middle = 30 + lineHeight * linesOf(0);
  const height = middle + 30 + lineHeight * linesOf(1);
  return (
    <div class="strip" ref={box}>
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
        <path class="axis" d={`M0 ${middle}H${width}`} />
        {zones.map((zone) => (
          <rect
            key={`${zone.side} ${zone.low}`}
            class={zone.side}
            x={x(zone.low)}
            y={middle - 11}
            width={Math.max(3, x(zone.high) - x(zone.low))}
            height={22}
          />
        ))}
        <path class="now" d={`M${x(report.price)} ${middle - 10}v20`} />
        {placed.map(({ mark, at, line }) => {
          const up = mark.row === 0 ? -1 : 1;
          return (
            <g key={mark.text} class={mark.isRule ? 'rule-mark' : ''}>
              <path class="tick" d={`M${x(mark.at)} ${middle - 14 * up}V${middle + 22 * up}`} />
              <text x={at} y={middle + up * (30 + lineHeight * line) + (up > 0 ? 6 : 0)} text-anchor="middle">
                {mark.text}
              </text>
            </g>
          );
        })}
      </svg>
    </div>
  );
}

function marksOf({ position, liquidation, stop, partialProfit }: Report): Mark[] {
  const marks: Mark[] = [
    { at: liquidation.price, text: t('position_markLiquidation', price(liquidation.price)), row: 0 },
    { at: position.entry, text: t('position_markEntry', price(position.entry)), row: 1 },
  ];
  if (position.stop !== null)
    marks.push({ at: position.stop, text: t('position_markStop', price(position.stop)), row: 0 });
  if (position.target !== null)
    marks.push({ at: position.target, text: t('position_markTarget', price(position.target)), row: 0 });
  if (stop)
    marks.push({ at: stop.price, text: t('position_markRule', price(stop.price)), row: 1, isRule: true });
  if (partialProfit)
    marks.push({
      at: partialProfit.price,
      text: t('position_markPartial', price(partialProfit.price)),
      row: 1,
      isRule: true,
    });
  return marks.filter(({ at }) => at > 0);
}

/** How wide a text is, about, in the height of its type: Chinese, Japanese and Korean characters are as wide as high. */
const widthOf = (text: string, em: number): number =>
  em * [...text].reduce((sum, character) => sum + (character > '\u2e80' ? 1 : 0.57), 0);

/** Labels over their marks, never out of the box; where two would overlap the second stands in a line of its own. */
function place(marks: readonly Mark[], x: (at: number) => number, width: number, em: number) {
  const ends: number[] = [];
  return [...marks]
    .sort((a, b) => a.at - b.at)
    .map((mark) => {
      const half = widthOf(mark.text, em) / 2 + 4;
      const at = Math.max(half, Math.min(width - half, x(mark.at)));
      const free = ends.findIndex((end) => end <= at - half);
      const line = free < 0 ? ends.length : free;
      ends[line] = at + half;
      return { mark, at, line };
    });
}
