/**
 * `<liquidation-map symbol="ETH" window="24h" src="eth.json" theme="auto">`: candles with estimated liquidation bands.
 *
 * Loading the script defines the element. Attributes may change at any time:
 * - `symbol`: a coin such as ETH or a pair such as ETH-USDT; required
 * - `window`: positions of the last `12h`, `24h` (default), `7d` or `30d`
 * - `src`: address of a snapshot written by `liqbands snapshot`; without it the exchanges are asked, which many refuse
 *   to pages of other sites
 * - `theme`: `auto` (default, the reader's colour scheme), `light` or `dark`
 *
 * Its size is the page's to set with CSS; it is 440 px high unless told otherwise.
 */
export interface LiquidationMapElement extends HTMLElement {
  /** Where a price lies, in CSS pixels from the top of the chart; null while none is drawn. */
  priceToY(price: number): number | null;
}

declare global {
  interface HTMLElementTagNameMap {
    'liquidation-map': LiquidationMapElement;
  }
}
