import { largeAccounts } from '../../engine/map/large-accounts';
import { type BandMap, type Side, sides } from '../../engine/records';
import { hyperliquid, type ObservedPosition } from '../../feeds/hyperliquid';
import type { ObservedView } from '../../protocol/view';
import type { Account } from './observed-accounts';

/** Fewer positions do not tell where they usually are liquidated. */
const enoughPositions = 30;
/** Of a position that has no liquidation price, in ln(price). */
const outOfReach = 10;

/** A symbol's open positions among what accounts hold. */
function positionsIn(symbol: string, accounts: readonly Account[]) {
  const positions: ObservedPosition[] = [];
  let holders = 0;
  for (const account of accounts) {
    const own = account.positions.filter((position) => position.symbol === symbol);
    if (own.length > 0) holders += 1;
    positions.push(...own);
  }
  return { positions, holders };
}

/**
 * How much has been seen.
 *
 * @param openInterest of the venue, one-sided, coins
 * @returns accounts that hold positions, and the part of open interest these make up, 0–1
 */
export function observedExtent(
  symbol: string,
  accounts: readonly Account[],
  openInterest: number,
): Pick<ObservedView, 'accounts' | 'coverage'> {
  const { positions, holders } = positionsIn(symbol, accounts);
  const base = positions.reduce((sum, position) => sum + position.base, 0);
  // Every contract has a long and a short, and we may see either.
  return { accounts: holders, coverage: openInterest > 0 ? Math.min(1, base / (2 * openInterest)) : 0 };
}

/**
 * What is known, on the bands of a map.
 *
 * @param builtMark the venue's mark when the map was built, and `mark` its mark now
 * @param openInterest of the venue, one-sided, coins
 */
export function observedView(
  symbol: string,
  accounts: readonly Account[],
  map: BandMap,
  { builtMark, mark, openInterest }: { builtMark: number; mark: number; openInterest: number },
): ObservedView {
  const { positions } = positionsIn(symbol, accounts);
  const bands = { long: new Map<number, number>(), short: new Map<number, number>() };
  for (const { liquidationPrice, side, base } of positions) {
    if (liquidationPrice === null || !isAhead(side, liquidationPrice, mark)) continue;
    const band = Math.floor((Math.log((liquidationPrice * map.price) / builtMark) - map.lnLow) / map.step);
    if (band < 0 || band >= map.count) continue;
    bands[side].set(band, (bands[side].get(band) ?? 0) + base * mark);
  }
  const [long, short] = sides.map((side) =>
    [...bands[side]].map(([band, usd]): [number, number] => [band, Math.round(usd)]),
  );
  return {
    venue: hyperliquid.id,
    ...observedExtent(symbol, accounts, openInterest),
    long: long!,
    short: short!,
    ...distancesOf(positions, mark, openInterest),
  };
}

/** Where liquidation prices usually lie; nothing while few are known. */
function distancesOf(
  seen: readonly ObservedPosition[],
  mark: number,
  openInterest: number,
): Pick<ObservedView, 'distances'> {
  if (seen.length < enoughPositions) return {};
  const relative = seen.map(({ base, liquidationPrice }) => ({
    distance: liquidationPrice === null ? outOfReach : Math.log(liquidationPrice / mark),
    usd: base * mark,
  }));
  const { step, shares, beyond, positions } = largeAccounts(relative, openInterest * mark);
  return { distances: { step, shares: [...shares], beyond, positions } };
}

/** A liquidation price that the market has passed is out of date. */
const isAhead = (side: Side, liquidation: number, price: number): boolean =>
  side === 'long' ? liquidation < price : liquidation > price;
