import { hourMs } from '../../engine/time';
import type { Instrument, Venue, VenueId } from '../../feeds/feed';
import { listInstruments } from '../../feeds/instrument';
import type { Transport } from '../../feeds/net/http';
import type { Clock } from '../../feeds/net/pacing';
import { finite, fits, list, object, oneOf, optional, positive, text } from '../../protocol/form';
import { lookAgainMs } from '../../protocol/limits';
import { marketOn, type NamedMarket } from '../../venues/symbols';
import type { Store } from '../storage/store';

/** Lists are fetched again at this age: markets come and go, and contracts change their size. */
const refreshMs = hourMs;

/** A list as it is stored. */
const StoredList = object({
  time: finite,
  list: list(
    object({
      symbol: text(),
      native: text(),
      multiplier: positive,
      contractSize: positive,
      kind: optional(oneOf('stock', 'forex', 'commodity', 'other', 'thirdParty')),
      tickSize: positive,
      maxLeverage: positive,
      fundingIntervalMs: optional(positive),
    }),
  ),
});

interface List {
  time: number;
  bySymbol: Map<string, Instrument>;
}

/** A list without what a page names is fetched again at this age: the market may be new. */
const renewMs = lookAgainMs;

/** What a page of a venue shows, by the venue's own list. */
export interface PageMarket extends NamedMarket {
  /** The contract that the venue lists of it, under its own name; undefined where it lists none. */
  listed: string | undefined;
}

/** What each venue lists, remembered between runs of the worker. */
export class Instruments {
  private readonly lists = new Map<VenueId, List>();
  private readonly fetching = new Map<VenueId, Promise<List>>();

  constructor(
    private readonly transport: Transport,
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /**
   * How the venue lists a symbol, by a list of at most `maxAgeMs`; undefined where it does not. A first map does not wait
   * for that: what an older list has stands until the new one is there. Rejects with FeedError when no list can be had.
   */
  async find(venue: Venue, symbol: string, maxAgeMs = refreshMs): Promise<Instrument | undefined> {
    const kept = this.lists.get(venue.id);
    const list = kept ?? (await this.stored(venue)) ?? (await this.fetch(venue));
    const age = this.clock.now() - list.time;
    const isOld = age > Math.min(maxAgeMs, refreshMs) || age < 0;
    const found = list.bySymbol.get(symbol);
    // Of a list from an earlier run only what it lacks is worth waiting for, and that may be new on any list.
    if ((isOld && (kept || !found)) || (!found && age > renewMs))
      return (await this.fetch(venue)).bySymbol.get(symbol);
    if (isOld) this.fetch(venue).catch(() => undefined);
    return found;
  }

  /**
   * What a page of the venue shows under a name, by the venue's own list; undefined where the list cannot be had, or the
   * name means nothing.
   */
  async named(venue: Venue, name: string): Promise<PageMarket | undefined> {
    try {
      const kept = this.lists.get(venue.id) ?? (await this.stored(venue)) ?? (await this.fetch(venue));
      const market = namedOn(kept, name);
      const isOld = Math.abs(this.clock.now() - kept.time) > renewMs;
      return market?.listed !== undefined || !isOld ? market : namedOn(await this.fetch(venue), name);
    } catch {
      return undefined;
    }
  }

  /** Whether fresh lists of all these venues are at hand, and none has the symbol. */
  areLacking(venues: readonly Venue[], symbol: string): boolean {
    const now = this.clock.now();
    if (venues.length === 0) return false;
    return venues.every(({ id }) => {
      const list = this.lists.get(id);
      return list && Math.abs(now - list.time) < renewMs && !list.bySymbol.has(symbol);
    });
  }

  /** Every symbol that a list at hand names, in order; nothing is fetched. */
  async known(venues: readonly Venue[]): Promise<string[]> {
    const lists = await Promise.all(
      venues.map(async (venue) => this.lists.get(venue.id) ?? (await this.stored(venue))),
    );
    return [...new Set(lists.flatMap((list) => [...(list?.bySymbol.keys() ?? [])]))].sort();
  }

  private async stored(venue: Venue): Promise<List | undefined> {
    const fact = await this.store.fact(`instruments ${venue.id}`);
    return fits(StoredList, fact) ? this.keep(venue, fact.time, fact.list) : undefined;
  }

  private fetch(venue: Venue): Promise<List> {
    const running = this.fetching.get(venue.id);
    if (running) return running;
    const fetched = listInstruments(venue, (call) => this.transport.run(venue, call, { priority: 3 }))
      .then((list) => {
        const time = this.clock.now();
        void this.store.saveFact(`instruments ${venue.id}`, { time, list });
        return this.keep(venue, time, list);
      })
      .finally(() => this.fetching.delete(venue.id));
    this.fetching.set(venue.id, fetched);
    return fetched;
  }

  private keep(venue: Venue, time: number, list: readonly Instrument[]): List {
    const kept = { time, bySymbol: new Map(list.map((instrument) => [instrument.symbol, instrument])) };
    this.lists.set(venue.id, kept);
    return kept;
  }
}

function namedOn({ bySymbol }: List, name: string): PageMarket | undefined {
  const market = marketOn([...bySymbol.values()], name);
  return market && { ...market, listed: bySymbol.get(market.symbol)?.native };
}
