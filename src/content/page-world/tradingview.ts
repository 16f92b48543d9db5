import { isFiniteNumber, isPlain } from './primordials';

/**
 * TradingView's charting library tells which prices the main pane of each of its charts shows and of which symbol, where the
 * page exposes it. No event says when that changes, so it is asked after a paint. All of it is the page's own code: it may be
 * absent, throw or lie, and versions differ in what they have.
 */

interface PriceScale {
  getVisiblePriceRange(): { from: unknown; to: unknown } | null;
  /** 0 linear, 1 log, 2 percent, 3 indexed to 100. */
  getMode(): unknown;
}
interface Pane {
  getHeight(): unknown;
  hasMainSeries?(): unknown;
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
  chart?(index?: number): Chart;
  /** Of a layout of several. */
  chartsCount?(): unknown;
}

/** What the library leaves in its own frame, and what the pages of its documentation call the widget they make. */
const page = window as unknown as { tradingViewApi?: Api; TradingViewApi?: Api; tvWidget?: Api };

const mostCharts = 8;

const longestName = 40;

/** A symbol's name in quotes, where it needs no escapes. */
function quoted(name: unknown): string {
  if (typeof name !== 'string' || name.length === 0 || name.length > longestName) return '';
  for (let i = 0; i < name.length; i++) if (!isPlain(name[i]!)) return '';
  return `,"${name}"`;
}

function nameOf(chart: Chart): string {
  try {
    return quoted(chart.symbolExt?.()?.symbol) || quoted(chart.symbol?.());
  } catch {
    return '';
  }
}

/** The pane of the chart's own prices, which the user may have moved below others. */
function mainPane(panes: Pane[]): Pane {
  for (let i = 1; i < panes.length && i < mostCharts; i++)
    if (panes[i]!.hasMainSeries?.() === true) return panes[i]!;
  return panes[0]!;
}

/** `,[height in CSS pixels,price at the bottom,price at the top,mode,"symbol"]`, or `,0`; not all tell the symbol. */
function rangeOf(chart: Chart): string {
  const pane = mainPane(chart.getPanes());
  const scale = pane.getMainSourcePriceScale
    ? pane.getMainSourcePriceScale()
    : pane.getRightPriceScales?.()[0];
  const range = scale?.getVisiblePriceRange();
  if (!range) return ',0';
  const { from, to } = range;
  const height = pane.getHeight();
  const mode = scale!.getMode();
  const known = isFiniteNumber(height) && isFiniteNumber(from) && isFiniteNumber(to) && isFiniteNumber(mode);
  return known ? `,[${height},${from},${to},${mode}${nameOf(chart)}]` : ',0';
}

let isHere = false;

/**
 * The range of the chart in use and, in a layout of several, those of all; nothing where there is none.
 *
 * @param looks whether the library is looked for where it was not there the last time: a name that a page does not have is
 *   looked for among the names of its elements too
 */
export function libraryRanges(looks: boolean): string {
  if (!isHere && !looks) return '';
  try {
    const api = page.tradingViewApi ?? page.TradingViewApi ?? page.tvWidget;
    isHere = Boolean(api);
    if (!api) return '';
    let told = rangeOf(api.activeChart ? api.activeChart() : api.chart!());
    const count = api.chartsCount?.() as number;
    if (isFiniteNumber(count) && count > 1)
      for (let i = 0; i < count && i < mostCharts; i++) told += rangeOf(api.chart!(i));
    return told === ',0' ? '' : told;
  } catch {
    return '';
  }
}
