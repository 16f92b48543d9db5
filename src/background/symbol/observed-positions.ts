import { largeAccounts } from '../../engine/map/large-accounts';
import { type BandMap, type Side, sides } from '../../engine/records';
import type { Instrument, Trade } from '../../feeds/feed';
import { hyperliquid, type ObservedPosition, positionsOf } from '../../feeds/hyperliquid';
import type { Transport } from '../../feeds/net/http';
import { type Clock, sleep } from '../../feeds/net/pacing';
import type { ObservedView } from '../../protocol/view';

/** One account is asked for in this time: a sixth of the venue's budget, the rest stays with the estimate and the user. */
const askEveryMs = 600;
/** Positions this old are asked for again. */
const renewMs = 600_000;
const mostAccounts = 2000;
/** Fewer positions do not tell where they usually are liquidated. */
const enoughPositions = 30;
/** Of a position that has no liquidation price, in ln(price). */
const outOfReach = 10;

interface Account {
  /** USD it was seen trading. */
  traded: number;
  askedAt: number;
  positions: ObservedPosition[];
}

/**
 * Hyperliquid publishes the positions of every account to whoever knows its address, and the addresses of both sides of
 * every trade. So accounts that trade while we watch become known, those that trade most first.
 */
export class ObservedPositions {
  private readonly accounts = new Map<string, Account>();

  constructor(
    private readonly instrument: Instrument,
    private readonly transport: Transport,
    private readonly clock: Clock,
  ) {}

  /** A public trade: its two accounts are worth asking for. */
  see(trade: Trade): void {
    for (const address of trade.accounts ?? []) {
      const known = this.accounts.get(address);
      const traded = (known?.traded ?? 0) + trade.base * trade.price;
      if (known) known.traded = traded;
      else this.accounts.set(address, { traded, askedAt: Number.NEGATIVE_INFINITY, positions: [] });
    }
    if (this.accounts.size <= mostAccounts) return;
    const least = [...this.accounts].sort(([, a], [, b]) => a.traded - b.traded)[0];
    if (least) this.accounts.delete(least[0]);
  }

  /** Asks for one account after another until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const next = this.next();
      if (next) {
        const [address, account] = next;
        account.askedAt = this.clock.now();
        try {
          const call = positionsOf(address, [this.instrument]);
          account.positions = (
            await this.transport.run(hyperliquid, call, { signal, priority: -2 })
          ).positions;
        } catch {
          // A layer of its own: whatever fails here is asked again later and takes nothing from the estimate.
        }
      }
      await sleep(this.clock, askEveryMs, signal).catch(() => undefined);
    }
  }

  /**
   * What is known, on the bands of a map.
   *
   * @param builtMark the venue's mark when the map was built, and `mark` its mark now
   * @param openInterest of the venue, one-sided, coins
   */
  view(map: BandMap, builtMark: number, mark: number, openInterest: number): ObservedView {
    const bands = { long: new Map<number, number>(), short: new Map<number, number>() };
    for (const { positions } of this.accounts.values()) {
      for (const position of positions) {
        const { liquidationPrice, side } = position;
        if (liquidationPrice === null || !isAhead(side, liquidationPrice, mark)) continue;
        const band = Math.floor(
          (Math.log((liquidationPrice * map.price) / builtMark) - map.lnLow) / map.step,
        );
        if (band < 0 || band >= map.count) continue;
        bands[side].set(band, (bands[side].get(band) ?? 0) + position.base * mark);
      }
    }
    const [long, short] = sides.map((side) =>
      [...bands[side]].map(([band, usd]): [number, number] => [band, Math.round(usd)]),
    );
    return {
      venue: hyperliquid.id,
      ...this.extent(openInterest),
      long: long!,
      short: short!,
      ...this.distances(mark, openInterest),
    };
  }

  /** Where liquidation prices usually lie; nothing while few are known. */
  private distances(mark: number, openInterest: number): Pick<ObservedView, 'distances'> {
    const seen = [...this.accounts.values()].flatMap(({ positions }) =>
      positions.map(({ base, liquidationPrice }) => ({
        distance: liquidationPrice === null ? outOfReach : Math.log(liquidationPrice / mark),
        usd: base * mark,
      })),
    );
    if (seen.length < enoughPositions) return {};
    const { step, shares, beyond, positions } = largeAccounts(seen, openInterest * mark);
    return { distances: { step, shares: [...shares], beyond, positions } };
  }

  /**
   * How much has been seen.
   *
   * @param openInterest of the venue, one-sided, coins
   * @returns accounts that hold positions, and the part of open interest these make up, 0–1
   */
  extent(openInterest: number): Pick<ObservedView, 'accounts' | 'coverage'> {
    let base = 0;
    let accounts = 0;
    for (const { positions } of this.accounts.values()) {
      if (positions.length > 0) accounts += 1;
      for (const position of positions) base += position.base;
    }
    // Every contract has a long and a short, and we may see either.
    return { accounts, coverage: openInterest > 0 ? Math.min(1, base / (2 * openInterest)) : 0 };
  }

  private next(): [string, Account] | undefined {
    const before = this.clock.now() - renewMs;
    let best: [string, Account] | undefined;
    for (const entry of this.accounts) {
      if (entry[1].askedAt <= before && !(best && best[1].traded >= entry[1].traded)) best = entry;
    }
    return best;
  }
}

/** A liquidation price that the market has passed is out of date. */
const isAhead = (side: Side, liquidation: number, price: number): boolean =>
  side === 'long' ? liquidation < price : liquidation > price;
