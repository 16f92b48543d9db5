import type messages from '../../../public/_locales/en/messages.json';
import type { Alert } from '../../engine/risk/alerts';
import type { Tick } from '../../protocol/view';

type Key = Extract<keyof typeof messages, `alert_${string}`>;

const say = (key: Key, ...values: string[]): string => chrome.i18n.getMessage(key, values);
const price = (value: number | undefined) =>
  value?.toLocaleString('en-US', { maximumSignificantDigits: 6 }) ?? '–';
const percent = (fraction: number, digits = 1) =>
  `${fraction > 0 ? '+' : fraction < 0 ? '−' : ''}${Math.abs(100 * fraction).toFixed(digits)} %`;
const millions = (usd: number) => `$${(usd / 1e6).toFixed(1)}M`;

/** An alert in one sentence. */
export function alertText({ kind, side, price: at, value }: Alert, tick: Tick): string {
  const banner = tick.banners.find((each) => each.kind === kind);
  switch (kind) {
    case 'cascade':
    case 'openInterestDrop':
      return banner?.text ?? say(kind === 'cascade' ? 'alert_text_cascade' : 'alert_text_openInterestDrop');
    case 'swept':
      return say(
        side === 'long' ? 'alert_text_sweptLong' : 'alert_text_sweptShort',
        price(at),
        millions(value),
      );
    case 'edge':
      return say(
        side === 'long' ? 'alert_text_edgeLong' : 'alert_text_edgeShort',
        price(at),
        percent(value).slice(1),
      );
    case 'fuel':
      return say('alert_text_fuel', value.toFixed(2));
    case 'flip':
      return say(side === 'long' ? 'alert_text_flipLong' : 'alert_text_flipShort', value.toFixed(2));
    case 'squeeze':
      return say(side === 'long' ? 'alert_text_squeezeLong' : 'alert_text_squeezeShort', percent(value, 3));
    case 'move':
      return say('alert_text_move', percent(value), price(at));
    case 'reminder':
      return say('alert_text_reminder', String(Math.round(value)));
  }
}
