import { createElementClass } from './element';

/** Where there is no page, as when a server renders, there is nothing to define. A page may load the script twice. */
if (typeof customElements !== 'undefined' && !customElements.get('liquidation-map')) {
  const get = fetch.bind(globalThis);
  const live = async () => (await import('./live')).createLive({ fetch: get, WebSocket });
  customElements.define('liquidation-map', createElementClass({ fetch: get, live, now: () => Date.now() }));
}
