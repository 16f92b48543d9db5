import type { Reply } from '../../protocol/messages';
import type { Tick } from '../../protocol/view';
import { keyOf, t } from '../../ui/text';
import type { ForeignContract } from '../../venues/symbols';
import type { Chart } from '../axis/chart';
import type { EstimateState } from './estimate-state';

interface Named {
  symbol: string;
}

/** What a frame does about its page's symbol. */
export interface Undrawn {
  /** Why the page's symbol, if it has one, is no market's; and what is known of it where it is one's. */
  state:
    | { name: 'off' }
    | { name: 'unknown'; symbol: unknown; reason: string }
    | { name: 'waiting'; symbol: unknown }
    | { name: 'watching'; symbol: unknown; estimate: EstimateState };
  /** What the page shows in place of a market. */
  foreign: ForeignContract | undefined;
}

/** Why nothing is drawn, in words; empty while something is. */
export function reasonOf(
  { state, foreign }: Undrawn,
  charts: Iterable<Pick<Chart, 'refusal'>>,
  isDrawn: boolean,
): string {
  if (state.name === 'off') return t('refusal_off');
  if (!state.symbol) return t(keyOf('refusal', foreign ?? 'symbol'));
  if (state.name === 'unknown') return state.reason;
  const tick = state.name === 'watching' ? state.estimate.tick : undefined;
  if (tick?.refused) return tick.refused;
  if (isDrawn) return '';
  const away = tick && withoutVenue(tick);
  if (away) return away;
  // The most telling of all charts' refusals.
  const known = Array.from(charts, ({ refusal }) => refusal).filter((each) => each !== undefined);
  const told = known.find((each) => each !== 'none' && each !== 'hidden') ?? known[0] ?? 'none';
  return t(keyOf('refusal', told));
}

/**
 * What the popup is told of a page.
 *
 * @param told what the page itself names
 */
export function statusOf(
  host: string,
  session: Undrawn & { symbol: Named | undefined; estimate: EstimateState | undefined },
  charts: Iterable<Pick<Chart, 'refusal'>>,
  isDrawn: boolean,
  told: Named | undefined,
): Reply<'pageStatus'> {
  const { estimate } = session;
  return {
    host,
    symbol: (estimate ?? session).symbol?.symbol ?? null,
    told: told?.symbol ?? null,
    note: reasonOf(session, charts, isDrawn),
    drawing: isDrawn,
    tick: estimate?.tick ?? null,
  };
}

/** What each venue says where none of those that are on tells a price; undefined where one does, or may yet. */
function withoutVenue({ price, health }: Tick): string | undefined {
  const asked = health.filter(({ state }) => state !== 'off');
  if (price !== null || asked.some(({ state }) => state === 'ok' || state === 'starting')) return undefined;
  return t('refusal_noVenue', asked.map(({ reason }) => reason).join(' · '));
}
