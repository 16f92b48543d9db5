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
  const [width, setWidth] = useState(600);
  useEffect(() => {
    const sizes = new ResizeObserver(([entry]) => entry && setWidth(entry.contentRect.width));
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
    ),
  );
  return (
    <div class="strip" ref={box}>
      <svg width={width} height="88" viewBox={`0 0 ${width} 88`} aria-hidden="true">
        <path class="axis" d={`M0 44H${width}`} />
        {zones.map((zone) => (
          <rect
            key={`${zone.side} ${zone.low}`}
            class={zone.side}
            x={x(zone.low)}
            y={33}
            width={Math.max(3, x(zone.high) - x(zone.low))}
            height={22}
          />
        ))}
        <path class="now" d={`M${x(report.price)} 34V54`} />
        {placed.map(({ mark, at, anchor }) => (
          <g key={mark.text} class={mark.isRule ? 'rule-mark' : ''}>
            <path class="tick" d={mark.row === 0 ? `M${x(mark.at)} 22V58` : `M${x(mark.at)} 30V66`} />
            <text x={at} y={mark.row === 0 ? 14 : 80} text-anchor={anchor}>
              {mark.text}
            </text>
          </g>
        ))}
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

const characterWidth = 6.2;

/** Labels beside their marks, moved apart where they would overlap, never out of the box. */
function place(marks: readonly Mark[], x: (at: number) => number, width: number) {
  const sorted = [...marks].sort((a, b) => a.at - b.at);
  const half = (mark: Mark) => (mark.text.length * characterWidth) / 2 + 4;
  const centres = sorted.map((mark) => Math.min(width - half(mark), Math.max(half(mark), x(mark.at))));
  for (let i = 1; i < sorted.length; i++) {
    const least = centres[i - 1]! + half(sorted[i - 1]!) + half(sorted[i]!);
    centres[i] = Math.max(centres[i]!, least);
  }
  for (let i = sorted.length - 1; i >= 0; i--) {
    const most = i === sorted.length - 1 ? width : centres[i + 1]! - half(sorted[i + 1]!);
    centres[i] = Math.min(centres[i]!, most - half(sorted[i]!));
  }
  return sorted.map((mark, i) => ({ mark, at: centres[i]!, anchor: 'middle' as const }));
}
