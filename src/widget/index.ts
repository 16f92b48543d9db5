import english from '../../public/_locales/en/messages.json';
import { venues } from '../feeds';
import { createTransport } from '../feeds/net/http';
import { systemClock } from '../feeds/net/pacing';
import { useTexts } from '../ui/text';
import { createElementClass } from './element';

/** Where there is no page, as when a server renders, there is nothing to define. A page may load the script twice. */
if (typeof customElements !== 'undefined' && !customElements.get('liquidation-map')) {
  useTexts(english);
  const get = fetch.bind(globalThis);
  const transport = createTransport({ fetch: get, clock: systemClock, random: Math.random });
  customElements.define(
    'liquidation-map',
    createElementClass({ fetch: get, transport, venues, now: () => systemClock.now() }),
  );
}
