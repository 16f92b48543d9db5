import type { Side } from '../engine/records';
import type { Away } from '../engine/risk/parse-position';
import type { VenueTerms } from '../protocol/detail';
import type { VenueId } from '../protocol/settings';
import { venueIds } from '../venues';
import { marketNamed } from '../venues/symbols';
import type { ReadRow } from './read';

/** What is known of a position, read, assumed and corrected; absent where it is not known yet. */
export interface Draft {
  symbol: string;
  /** Coins per unit of the price as it was written: 1000 where 1000PEPE stood. Prices here are per coin. */
  factor: number;
  venue: VenueId;
  margin: 'isolated' | 'cross';
  side?: Side;
  entry?: number;
  base?: number;
  leverage?: number;
  stop?: number;
  target?: number;
  /** Stop and target that were written as distances from the entry, until they are corrected. */
  away: { stop?: Away; target?: Away };
  /** Own liquidation price as the venue printed it. */
  told?: number;
  budgetUsd?: number;
  assumed: ReadonlySet<Field>;
}

/** What can be corrected. */
export type Field =
  | 'side'
  | 'entry'
  | 'base'
  | 'leverage'
  | 'stop'
  | 'target'
  | 'venue'
  | 'margin'
  | 'budgetUsd';

export type Corrections = Partial<Pick<Draft, Field>>;

/**
 * A row with what the user corrected, per coin.
 *
 * @param terms of the venues, once they are known: a size in contracts or USD needs them
 */
export function draftOf(row: ReadRow, corrected: Corrections, terms: readonly VenueTerms[]): Draft {
  const { symbol, multiplier: factor } = marketNamed(row.coin) ?? {
    symbol: `${row.coin}-USDT`,
    multiplier: 1,
  };
  const per = (price: number | undefined) => price && price / factor;
  const venue = corrected.venue ?? row.venue ?? venueIds[0];
  const entry = corrected.entry ?? per(row.entry);
  const side = corrected.side ?? row.side;
  const away = { ...row.away };
  for (const name of ['stop', 'target'] as const) if (Object.hasOwn(corrected, name)) delete away[name];
  const assumed = new Set((row.assumed as readonly string[]).filter((name) => isField(name)));
  for (const name of Object.keys(corrected) as Field[]) assumed.delete(name);
  const draft: Draft = {
    symbol,
    factor,
    venue,
    margin: row.margin ?? 'isolated',
    assumed,
    away,
    ...given('side', row.side),
    ...given('entry', entry),
    ...given(
      'base',
      baseOf(
        row,
        factor,
        entry,
        terms.find((each) => each.venue === venue),
      ),
    ),
    ...given('leverage', row.leverage),
    ...given('stop', per(row.stop) ?? exitAt('stop', away.stop, side, entry)),
    ...given('target', per(row.target) ?? exitAt('target', away.target, side, entry)),
    ...given('told', per(row.liquidation)),
  };
  return { ...draft, ...corrected };
}

const isField = (name: string): name is Field => Object.hasOwn(fields, name);

const fields: Record<Field, true> = {
  side: true,
  entry: true,
  base: true,
  leverage: true,
  stop: true,
  target: true,
  venue: true,
  margin: true,
  budgetUsd: true,
};

const given = <K extends string, V>(name: K, value: V | undefined): { [k in K]?: V } =>
  value === undefined ? {} : ({ [name]: value } as { [k in K]: V });

/** Coins of a size told in coins, contracts, or USD at the mark (else at the entry). */
function baseOf(
  row: ReadRow,
  factor: number,
  entry: number | undefined,
  terms: VenueTerms | undefined,
): number | undefined {
  if (row.base !== undefined) return row.base * factor;
  if (row.contracts !== undefined) return terms && row.contracts * terms.contractSize;
  if (row.usd === undefined) return undefined;
  const at = row.mark === undefined ? entry : row.mark / factor;
  return at && row.usd / at;
}

/**
 * The price of a stop or target that is so far from the entry. Without a sign it lies where such an exit can: a stop on
 * the losing side, a target on the winning one; what cannot be (`wrongOf`) is a price as well.
 *
 * @returns undefined while side or entry are not known
 * @example
 * exitAt('stop', { percent: 2 }, 'long', 60_000); // 58800
 */
export function exitAt(
  exit: 'stop' | 'target',
  away: Away | undefined,
  side: Side | undefined,
  entry: number | undefined,
): number | undefined {
  if (!away || !side || entry === undefined) return undefined;
  const sign = away.sign ?? ((side === 'long') === (exit === 'target') ? '+' : '-');
  return entry * (1 + (Number(`${sign}1`) * away.percent) / 100);
}

/** What a report still needs. */
export function missingOf({ side, entry, base, leverage }: Draft): Field[] {
  const needed = { side, entry, base, leverage };
  return (Object.keys(needed) as (keyof typeof needed)[]).filter((name) => needed[name] === undefined);
}

/** What cannot be: a stop on the winning side, a target on the losing side, numbers out of range. */
export function wrongOf({ side, entry, base, leverage, stop, target }: Draft): Field[] {
  const wrong: Field[] = [];
  if (entry !== undefined && !(entry > 0)) wrong.push('entry');
  if (base !== undefined && !(base > 0)) wrong.push('base');
  if (leverage !== undefined && !(leverage >= 1 && leverage <= 1000)) wrong.push('leverage');
  if (side === undefined || entry === undefined) return wrong;
  const against = side === 'long' ? -1 : 1;
  if (stop !== undefined && !(stop > 0 && (stop - entry) * against > 0)) wrong.push('stop');
  if (target !== undefined && !(target > 0 && (target - entry) * against < 0)) wrong.push('target');
  return wrong;
}
