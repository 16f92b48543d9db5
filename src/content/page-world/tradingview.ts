import { isFiniteNumber } from './primordials';

/**
 * TradingView's charting library tells which prices its main pane shows, where the page exposes it. No event says when
 * that changes, so it is asked after a paint. All of it is the page's own code: it may be absent, throw or lie.
 */

interface PriceScale {
  getVisiblePriceRange(): { from: unknown; to: unknown } | null;
  getMode(): unknown;
}
interface Pane {
  getHeight(): unknown;
  getMainSourcePriceScale(): PriceScale | null;
}
interface Api {
  activeChart(): { getPanes(): Pane[] };
}

const page = window as unknown as { tradingViewApi?: Api; TradingViewApi?: Api };

/** `,[height in CSS pixels,price at the bottom,price at the top,mode]`, or nothing. */
export function libraryRange(): string {
  try {
    const pane = (page.tradingViewApi ?? page.TradingViewApi)?.activeChart().getPanes()[0];
    const scale = pane?.getMainSourcePriceScale();
    const range = scale?.getVisiblePriceRange();
    if (!range) return '';
    const { from, to } = range;
    const height = pane!.getHeight();
    const mode = scale!.getMode();
    const known =
      isFiniteNumber(height) && isFiniteNumber(from) && isFiniteNumber(to) && isFiniteNumber(mode);
    return known ? `,[${height},${from},${to},${mode}]` : '';
  } catch {
    return '';
  }
}
