import english from '../../public/_locales/en/messages.json';
import { venues } from '../feeds';
import { createTransport } from '../feeds/net/http';
import { systemClock } from '../feeds/net/pacing';
import { useTexts } from '../ui/text';
import { createElementClass } from './element';

useTexts(english);

const get = fetch.bind(globalThis);
const transport = createTransport({ fetch: get, clock: systemClock, random: Math.random });

/** A page may load the script twice; the first one stays. */
if (!customElements.get('liquidation-map')) {
  customElements.define(
    'liquidation-map',
    createElementClass({ fetch: get, transport, venues, now: () => systemClock.now() }),
  );
}
