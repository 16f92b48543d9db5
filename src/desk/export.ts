import { minuteMs } from '../engine/time';
import { shownLevels } from '../paint/levels';
import type { Shown } from '../paint/side-bands';
import type { MapView } from '../protocol/view';

const cell = (value: string | number): string =>
  typeof value === 'number' ? String(value) : `"${value.replaceAll('"', '""')}"`;

/**
 * Levels and bands of a map as a table for spreadsheets. Amounts are USD; `at_risk` is what is estimated to be open there,
 * `forced_p10` to `forced_p90` what would really be closed by force.
 */
export function csvOf(view: MapView, shown: Shown): string {
  const lines: (string | number)[][] = [
    ['kind', 'side', 'low', 'high', 'at_risk', 'forced_p10', 'forced_p50', 'forced_p90', 'age_min'],
  ];
  for (const { side, low, high, usd, forced, ageMs } of shownLevels(view, shown))
    lines.push([
      'level',
      side,
      low,
      high,
      usd,
      forced.p10,
      forced.p50,
      forced.p90,
      Math.round(ageMs / minuteMs),
    ]);
  for (const side of ['long', 'short'] as const) {
    view[side].forEach((usd, i) => {
      if (usd <= 0) return;
      const low = Math.exp(view.lnLow + i * view.step);
      const age = (side === 'long' ? view.longAge : view.shortAge)[i]!;
      const { p10, p50, p90 } = view.q;
      lines.push(['band', side, low, low * Math.exp(view.step), usd, usd * p10, usd * p50, usd * p90, age]);
    });
  }
  return `${lines.map((line) => line.map(cell).join(',')).join('\n')}\n`;
}

/** The whole map with its intervals, as it is. */
export const jsonOf = (view: MapView): string =>
  `${JSON.stringify({ estimate: true, ...view }, undefined, 1)}\n`;

/**
 * A small indicator for TradingView's Pine editor that draws the levels, which stand in one input and can be pasted anew:
 * `side low high` apart by commas, S for shorts and L for longs.
 */
export function pineOf(view: MapView, shown: Shown): string {
  const levels = levelListOf(view, shown);
  return `//@version=6
indicator("Liqbands levels ${view.symbol}", overlay = true, max_boxes_count = 50)
levels = input.text_area("${levels}", "Levels (estimate): S or L, low, high")
if barstate.islast
    for each in str.split(levels, ",")
        parts = str.split(str.trim(each), " ")
        if array.size(parts) == 3
            tint = array.get(parts, 0) == "S" ? color.blue : color.orange
            low_price = str.tonumber(array.get(parts, 1))
            high_price = str.tonumber(array.get(parts, 2))
            if not na(low_price) and not na(high_price)
                box.new(bar_index - 1, high_price, bar_index, low_price, border_color = tint, bgcolor = color.new(tint, 80), extend = extend.both)
`;
}

/** The levels as the indicator's input takes them: `S 61345 61520, L 59100 59278`. */
export const levelListOf = (view: MapView, shown: Shown): string =>
  shownLevels(view, shown)
    .map(({ side, low, high }) => `${side === 'short' ? 'S' : 'L'} ${digits(low)} ${digits(high)}`)
    .join(', ');

const digits = (price: number): string => String(Number(price.toPrecision(7)));

/** Hands a file to the browser's downloads. */
export function save(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
