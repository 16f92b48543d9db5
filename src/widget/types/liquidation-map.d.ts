/**
 * `<liquidation-map symbol="ETH" window="24h" src="eth.json" theme="auto">`: candles with estimated liquidation levels.
 *
 * Loading the script defines the element; where there is no page, as when a server renders, it does nothing. Each attribute
 * is a property too, and may change at any time:
 * - `symbol`: a coin such as ETH or a pair such as ETH-USDT; required
 * - `window`: positions of the last `12h`, `24h` (default), `7d` or `30d`
 * - `mode`: `levels` (default), `bands`, `map`, the profile at the right edge alone, or `heatmap`, what the map said before
 *   (snapshots hold it for `24h`)
 * - `src`: address of a snapshot written by `liqbands snapshot`; without it the exchanges are asked, which many refuse
 *   to pages of other sites. What asks is a script of its own, `liquidation-map.live.js` beside the first
 * - `venues`: those to ask where there is no `src`, such as `binance,bybit`; all by default
 * - `theme`: `auto` (default, the reader's colour scheme), `light` or `dark`
 * - `palette`: `viridis` (default, safe for the colour-blind) or `classic`
 * - `about`: address of a page on how the map is made, linked from the few sentences that the widget itself has on it
 * - `lang`, as every element has it, or the page's: `en`, `es`, `ja`, `ko`, `ru` or `zh`; otherwise the reader's own
 * - `height`: CSS pixels, 160 to 2000; otherwise the page's style decides, or it is 440 px high
 *
 * It loads when it comes near to what is in sight, and several that show one market load it once. Its light children are
 * what readers without scripts see.
 *
 * Style: the parts `frame`, `header`, `chart`, `tooltip`, `footer` and `legend`, and the custom properties `--liquidation-map-background`,
 * `-text`, `-quiet`, `-line`, `-tag` and `-height`.
 */
export interface LiquidationMapElement extends HTMLElement {
  symbol: string | null;
  window: string | null;
  mode: string | null;
  src: string | null;
  venues: string | null;
  theme: string | null;
  palette: string | null;
  about: string | null;
  height: string | null;
  /** Where a price lies, in CSS pixels from the top of the chart; null while none is drawn. */
  priceToY(price: number): number | null;
}

/** `liquidation-map:update`: something new is drawn. It bubbles, also out of other shadow roots. */
export interface LiquidationMapUpdate {
  /** Canonical, such as `ETH-USDT`. */
  symbol: string;
  window: '12h' | '24h' | '7d' | '30d';
  /** Mark price, USD per coin. */
  price: number;
  /** When the newest market data in it arrived, ms since 1970. */
  asOf: number;
  levels: readonly {
    /** Who is liquidated: longs below price, shorts above it. */
    side: 'long' | 'short';
    /** The zone, and its end that is nearer to price. */
    low: number;
    high: number;
    edge: number;
    /** At risk in the zone and around it, USD, an estimate. */
    usd: number;
    /** What of it would be closed by force: median and 80 % interval, USD. */
    forced: { p10: number; p50: number; p90: number };
  }[];
}

/** `liquidation-map:error`: nothing, or nothing newer, can be drawn. */
export interface LiquidationMapError {
  /** One sentence for people. */
  message: string;
}

declare global {
  interface HTMLElementTagNameMap {
    'liquidation-map': LiquidationMapElement;
  }

  interface HTMLElementEventMap {
    'liquidation-map:update': CustomEvent<LiquidationMapUpdate>;
    'liquidation-map:error': CustomEvent<LiquidationMapError>;
  }
}
