import { isFiniteNumber } from './primordials';

/**
 * TradingView's charting library tells which prices its main pane shows and of which symbol, where the page exposes it.
 * No event says when that changes, so it is asked after a paint. All of it is the page's own code: it may be absent,
 * throw or lie, and versions differ in what they have.
 */

interface PriceScale {
  getVisiblePriceRange(): { from: unknown; to: unknown } | null;
  /** 0 linear, 1 log, 2 percent, 3 indexed to 100. */
  getMode(): unknown;
}
interface Pane {
  getHeight(): unknown;
  getMainSourcePriceScale?(): PriceScale | null;
  getRightPriceScales?(): PriceScale[];
}
interface Chart {
  getPanes(): Pane[];
  symbolExt?(): { symbol?: unknown } | null;
  symbol?(): unknown;
}
interface Api {
  activeChart?(): Chart;
  chart?(): Chart;
}

const page = window as unknown as { tradingViewApi?: Api; TradingViewApi?: Api };

const longestName = 40;

/** A symbol's name in quotes, where it needs no escapes. */
function quoted(name: unknown): string {
  if (typeof name !== 'string' || name.length === 0 || name.length > longestName) return '';
  for (let i = 0; i < name.length; i++) {
    const char = name[i]!;
    if (char < ' ' || char === '"' || char === '\\') return '';
  }
  return `,"${name}"`;
}

function nameOf(chart: Chart): string {
  try {
    return quoted(chart.symbolExt?.()?.symbol) || quoted(chart.symbol?.());
  } catch {
    return '';
  }
}

/** `,[height in CSS pixels,price at the bottom,price at the top,mode,"symbol"]`, or nothing; not all tell the symbol. */
export function libraryRange(): string {
  try {
    const api = page.tradingViewApi ?? page.TradingViewApi;
    if (!api) return '';
    const chart = api.activeChart ? api.activeChart() : api.chart!();
    const pane = chart.getPanes()[0]!;
    const scale = pane.getMainSourcePriceScale
      ? pane.getMainSourcePriceScale()
      : pane.getRightPriceScales?.()[0];
    const range = scale?.getVisiblePriceRange();
    if (!range) return '';
    const { from, to } = range;
    const height = pane.getHeight();
    const mode = scale!.getMode();
    const known =
      isFiniteNumber(height) && isFiniteNumber(from) && isFiniteNumber(to) && isFiniteNumber(mode);
    return known ? `,[${height},${from},${to},${mode}${nameOf(chart)}]` : '';
  } catch {
    return '';
  }
}
