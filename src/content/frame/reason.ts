import { keyOf, t } from '../../ui/text';
import type { Chart } from '../axis/chart';
import type { Drawings } from './drawings';
import type { Session } from './session';

/** Why nothing is drawn, in words; empty while something is. */
export function reasonOf({ state }: Session, charts: Iterable<Chart>, drawings: Drawings): string {
  if (state.name === 'off') return t('refusal_off');
  if (!state.symbol) return t('refusal_symbol');
  if (state.name === 'unknown') return t('refusal_unlisted');
  if (state.name === 'watching' && state.estimate.tick?.refused) return state.estimate.tick.refused;
  if (drawings.chart) return '';
  // The most telling of all charts' refusals.
  const refusals = [...charts].flatMap(({ refusal }) => refusal ?? []);
  const told = refusals.find((each) => each !== 'none' && each !== 'hidden') ?? refusals[0] ?? 'none';
  return t(keyOf('refusal', told));
}
