import type { Tick } from '../../protocol/view';
import { keyOf, t } from '../../ui/text';
import type { Chart } from '../axis/chart';
import type { Drawings } from './drawings';
import type { Session } from './session';

/** Why nothing is drawn, in words; empty while something is. */
export function reasonOf({ state, foreign }: Session, charts: Iterable<Chart>, drawings: Drawings): string {
  if (state.name === 'off') return t('refusal_off');
  if (!state.symbol) return t(keyOf('refusal', foreign ?? 'symbol'));
  if (state.name === 'unknown') return state.reason;
  const tick = state.name === 'watching' ? state.estimate.tick : undefined;
  if (tick?.refused) return tick.refused;
  if (drawings.chart) return '';
  const away = tick && withoutVenue(tick);
  if (away) return away;
  // The most telling of all charts' refusals.
  const refusals = [...charts].flatMap(({ refusal }) => refusal ?? []);
  const told = refusals.find((each) => each !== 'none' && each !== 'hidden') ?? refusals[0] ?? 'none';
  return t(keyOf('refusal', told));
}

/** What each venue says where none of those that are on tells a price; undefined where one does, or may yet. */
function withoutVenue({ price, health }: Tick): string | undefined {
  const asked = health.filter(({ state }) => state !== 'off');
  if (price !== null || asked.some(({ state }) => state === 'ok' || state === 'starting')) return undefined;
  return t('refusal_noVenue', asked.map(({ reason }) => reason).join(' · '));
}
