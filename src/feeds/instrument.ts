import { splitMultiplier } from '../venues/symbols';
import type { AssetKind, Call, Instrument, Venue } from './feed';

/** How venues list a market, in their words. */
interface Listed {
  /** What is traded, its factor on: `1000PEPE`. */
  base: string;
  native: string;
  kind?: AssetKind;
  /** Smallest step of the price as quoted. */
  tick: number;
  maxLeverage: number;
  /** Of `base` units per contract, where the venue counts contracts. */
  contractSize?: number;
  fundingIntervalMs?: number | undefined;
  /** Who runs the market, where that is not the venue. */
  dex?: string;
}

/**
 * The instrument of a listing. A coin is `COIN-USDT`; anything else says what it is in front, `stock:NVDA-USDT`, so that a
 * share is never taken for a coin under the same letters, nor a third party's market for the venue's own.
 */
export function instrumentOf({
  base,
  native,
  kind = 'coin',
  tick,
  maxLeverage,
  ...rest
}: Listed): Instrument {
  const { coin, multiplier } = kind === 'coin' ? splitMultiplier(base) : { coin: base, multiplier: 1 };
  return {
    symbol: `${kind === 'coin' ? '' : `${rest.dex ?? kind}:`}${coin}-USDT`,
    native,
    multiplier,
    contractSize: rest.contractSize ?? 1,
    tickSize: tick / multiplier,
    maxLeverage,
    ...(kind !== 'coin' && { kind }),
    ...(rest.fundingIntervalMs && { fundingIntervalMs: rest.fundingIntervalMs }),
  };
}

/**
 * All that a venue lists. Its first list is needed; another that cannot be had costs what it would have added.
 *
 * @throws what `ask` threw for the first list
 */
export async function listInstruments(
  venue: Venue,
  ask: <T>(call: Call<T>) => Promise<T>,
): Promise<Instrument[]> {
  const [first, ...others] = await Promise.allSettled(venue.instruments().map((call) => ask(call)));
  if (first?.status === 'rejected') throw first.reason;
  return [first, ...others].flatMap((list) => (list?.status === 'fulfilled' ? list.value : []));
}
