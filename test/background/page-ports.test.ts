import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Runtime } from 'webextension-polyfill';
import { PagePorts } from '../../src/background/page-ports';
import { StoreError } from '../../src/background/storage/patience';
import { venueFeeds } from '../../src/feeds';
import { type WatchReply, watchPort } from '../../src/protocol/messages';
import { defaultSettings, type Settings } from '../../src/protocol/settings';
import type { PositionLines } from '../../src/protocol/view';
import { MarketStage } from '../../src/tools/market-stage';
import { venueIds } from '../../src/venues';

/** A page's end of a port: what it sends goes to the worker, what the worker posts is kept. */
class PortEnd {
  readonly replies: WatchReply[] = [];
  private toWorker: ((message: unknown) => void)[] = [];
  private onGone: (() => void)[] = [];
  readonly port: Runtime.Port;

  constructor(name = watchPort, tab?: number) {
    const port = {
      name,
      sender: { frameId: 7, ...(tab !== undefined && { tab: { id: tab } }) },
      postMessage: (reply: WatchReply) => void this.replies.push(structuredClone(reply)),
      disconnect: () => this.leave(),
      onMessage: { addListener: (listener: (message: unknown) => void) => this.toWorker.push(listener) },
      onDisconnect: { addListener: (listener: () => void) => this.onGone.push(listener) },
    };
    this.port = port as unknown as Runtime.Port;
  }

  send(message: unknown): void {
    for (const listener of this.toWorker) listener(message);
  }

  leave(): void {
    for (const listener of this.onGone) listener();
  }

  has(type: WatchReply['type']): boolean {
    return this.replies.some((reply) => reply.type === type);
  }
}

const onlyBinance: Settings = {
  ...defaultSettings,
  venues: Object.fromEntries(venueIds.map((id) => [id, id === 'binance'])) as Settings['venues'],
};
const watchBtc = { type: 'watch', symbol: 'BTC-USDT', window: '24h' };

let stage: MarketStage;
let ports: PagePorts;
/** Frames the heatmap's script was brought into. */
let heatmaps: unknown[] = [];
let mayBring = true;
/** Positions in BTC-USDT that the user wants drawn. */
let drawn: PositionLines[] = [];
/** Whether the database of positions answers. */
let areReadable = true;
beforeEach(async () => {
  stage = await new MarketStage().open();
  heatmaps = [];
  const bring = async (page: unknown) => {
    heatmaps.push(page);
    return mayBring;
  };
  drawn = [];
  areReadable = true;
  ports = new PagePorts(venueFeeds, stage.services, Promise.resolve(onlyBinance), bring, async (symbol) => {
    if (!areReadable) throw new StoreError('the database does not answer', { kind: 'silent' });
    return symbol === 'BTC-USDT' ? drawn : [];
  });
});
afterEach(() => stage.close());

function connect(name?: string): PortEnd {
  const page = new PortEnd(name);
  ports.connect(page.port);
  return page;
}

const sockets = () => stage.replay.stats().venues.binance!.sockets;

describe('the ports of pages', () => {
  it('sends a map to a page that asks for it', async () => {
    const page = connect();
    page.send(watchBtc);
    await stage.until('a map', () => page.has('map'));
    page.leave();
  });

  it('tells pages of a symbol which positions are to be drawn, then that there are none, and others nothing', async () => {
    const position: PositionLines = {
      side: 'long',
      entry: 60_000,
      stop: null,
      liquidation: 57_000,
      ruledStop: null,
    };
    const [btc, eth] = [connect(), connect()];
    btc.send(watchBtc);
    eth.send({ ...watchBtc, symbol: 'ETH-USDT' });
    await stage.until('both', () => btc.has('tick') && eth.has('tick'));
    expect(btc.has('positions')).toBe(false);
    const told = () => btc.replies.flatMap((reply) => (reply.type === 'positions' ? [reply.positions] : []));
    drawn = [position];
    ports.positionsChanged();
    await stage.until('it', () => told().length === 1);
    drawn = [];
    ports.positionsChanged();
    await stage.until('its end', () => told().length === 2);
    expect(told()).toEqual([[position], []]);
    // Those that cannot be read are told once they can.
    areReadable = false;
    drawn = [position];
    ports.positionsChanged();
    await stage.pass(40_000);
    expect(told()).toHaveLength(2);
    areReadable = true;
    await stage.until('them', () => told().length === 3);
    expect(eth.has('positions')).toBe(false);
    for (const page of [btc, eth]) page.leave();
  });

  it('draws the past only where its script could be brought, and never waits for it', async () => {
    for (mayBring of [true, false]) {
      const page = connect();
      page.send({ ...watchBtc, history: true });
      await stage.until('a map', () => page.has('map'));
      if (mayBring) await stage.until('the past', () => page.has('history'), 60_000);
      else await stage.pass(20_000);
      expect(page.has('history')).toBe(mayBring);
      page.leave();
    }
    expect(heatmaps).toEqual([{ frameId: 7 }, { frameId: 7 }]);
  });

  it('brings no such script to pages that draw bands alone', async () => {
    const page = connect();
    page.send(watchBtc);
    await stage.until('a map', () => page.has('map'));
    expect(heatmaps).toEqual([]);
    page.leave();
  });

  it('tells a page of a venue what it shows by the venue’s own list, and sends that market', async () => {
    ports.apply({ ...onlyBinance, venues: { ...onlyBinance.venues, hyperliquid: true } });
    const page = connect();
    const capitals = { ...watchBtc, symbol: 'KPEPE-USDT', venue: 'hyperliquid', native: 'KPEPEUSDC.P' };
    page.send(capitals);
    await stage.until('a map', () => page.has('map'));
    expect(page.replies[0]).toEqual({ type: 'market', symbol: 'PEPE-USDT', multiplier: 1000 });
    expect(page.replies.find((reply) => reply.type === 'map')!.view.symbol).toBe('PEPE-USDT');
    page.leave();
  });

  it('takes a page at its word where its venue is switched off, without asking the venue', async () => {
    const page = connect();
    page.send({ ...watchBtc, venue: 'hyperliquid', native: 'BTC' });
    await stage.until('a map', () => page.has('map'));
    expect(page.has('market')).toBe(false);
    expect(stage.requests.some((request) => String(request).includes('hyperliquid'))).toBe(false);
    page.leave();
  });

  it('leaves other ports alone', async () => {
    const page = connect('something else');
    page.send(watchBtc);
    await stage.pass(3000);
    expect(page.replies).toEqual([]);
    expect(stage.requests).toEqual([]);
  });

  it('counts what it cannot make sense of, with the reason, and asks no venue', async () => {
    const page = connect();
    const nonsense: unknown[] = [
      null,
      7,
      { type: 'watch' },
      { ...watchBtc, symbol: 'BTC-USDT<script>' },
      { ...watchBtc, symbol: `${'A'.repeat(100)}-USDT` },
      { ...watchBtc, window: '1y' },
      { ...watchBtc, venue: 'mtgox' },
      { __proto__: { type: 'watch' } },
    ];
    for (const message of nonsense) page.send(message);
    await stage.pass(2000);
    expect(page.replies).toEqual([]);
    expect(stage.requests).toEqual([]);
    const dropped = stage.services.dropped.of('pages');
    expect(dropped.reduce((sum, { count }) => sum + count, 0)).toBe(nonsense.length);
    for (const { reason } of dropped) expect(reason).toMatch(/\S/);
  });

  it('opens the feeds of a symbol once for any number of pages', async () => {
    const pages = [connect(), connect(), connect()];
    for (const page of pages) page.send(watchBtc);
    await stage.until('a map for all', () => pages.every((page) => page.has('map')));
    expect(sockets()).toBe(1);
    expect(stage.requests.filter((url) => url.includes('/openInterest?')).length).toBe(1);
    for (const page of pages) page.leave();
  });

  it('asks for a venue’s list once for any number of symbols, and leaves one open when the other goes', async () => {
    const [btc, eth] = [connect(), connect()];
    btc.send(watchBtc);
    eth.send({ ...watchBtc, symbol: 'ETH-USDT' });
    await stage.until('both maps', () => btc.has('map') && eth.has('map'));
    expect(stage.requests.filter((url) => url.includes('/exchangeInfo')).length).toBe(1);
    const both = sockets();
    btc.leave();
    await stage.pass(8000);
    await stage.until('its sockets closed', () => sockets() === both / 2);
    const told = eth.replies.length;
    await stage.pass(5000);
    expect(eth.replies.length).toBeGreaterThan(told + 3);
    eth.leave();
  });

  it('keeps the feeds open over a reload, and closes them when the last page has gone', async () => {
    const page = connect();
    page.send(watchBtc);
    await stage.until('a map', () => page.has('map'));
    const open = sockets();
    page.leave();
    await stage.pass(2000);
    expect(sockets()).toBe(open);
    const again = connect();
    again.send(watchBtc);
    await stage.pass(20_000);
    expect(sockets()).toBe(open);
    again.leave();
    await stage.pass(8000);
    expect(sockets()).toBe(0);
    const asked = stage.requests.length;
    await stage.pass(60_000);
    expect(stage.requests.length).toBe(asked);
  });

  it('shows a symbol again at once within ten minutes, and forgets it after', async () => {
    const page = connect();
    page.send(watchBtc);
    await stage.until('a map', () => page.has('map'));
    page.leave();
    await stage.pass(300_000);
    const soon = connect();
    soon.send(watchBtc);
    await stage.pass(500);
    expect(soon.has('map')).toBe(true);
    soon.leave();
    await stage.pass(700_000);
    const late = connect();
    late.send(watchBtc);
    await Promise.resolve();
    expect(late.has('map')).toBe(false);
    await stage.until('a map from the venue', () => late.has('map'));
    late.leave();
  });

  it('moves a page to another symbol when it asks for one', async () => {
    const page = connect();
    page.send(watchBtc);
    await stage.until('a map', () => page.has('map'));
    page.send({ ...watchBtc, symbol: 'ETH-USDT' });
    await stage.until('the other map', () =>
      page.replies.some((reply) => reply.type === 'map' && reply.view.symbol === 'ETH-USDT'),
    );
    const after = page.replies.length;
    await stage.pass(5000);
    const symbols = page.replies
      .slice(after)
      .map((reply) => (reply.type === 'tick' ? reply.tick.symbol : 'ETH-USDT'));
    expect(new Set(symbols)).toEqual(new Set(['ETH-USDT']));
    page.leave();
  });

  it('applies a venue switched on or off while pages watch', async () => {
    const page = connect();
    page.send(watchBtc);
    await stage.until('a map', () => page.has('map'));
    const state = (venue: string) => {
      const tick = page.replies.findLast((reply) => reply.type === 'tick')?.tick;
      return tick?.health.find((health) => health.venue === venue)?.state;
    };
    expect(state('bybit')).toBe('off');
    ports.apply({ ...onlyBinance, venues: { ...onlyBinance.venues, bybit: true } });
    await stage.until('bybit', () => state('bybit') === 'ok');
    ports.apply(onlyBinance);
    await stage.pass(1500);
    expect(state('bybit')).toBe('off');
    await stage.until('no socket', () => stage.replay.stats().venues.bybit!.sockets === 0);
    page.leave();
  });

  it('gives a tab so many ports and no more, whatever others have', async () => {
    const open = (tab: number) => {
      const page = new PortEnd(watchPort, tab);
      page.port.disconnect = () => closed.push(page);
      ports.connect(page.port);
      return page;
    };
    const closed: PortEnd[] = [];
    const greedy = Array.from({ length: 40 }, () => open(1));
    expect(closed).toEqual(greedy.slice(32));
    for (const page of greedy.slice(0, 32)) page.send(watchBtc);
    const other = open(2);
    other.send(watchBtc);
    await stage.until('a map elsewhere', () => other.has('map'));
    greedy[0]!.leave();
    const next = open(1);
    expect(closed).not.toContain(next);
    open(1);
    expect(closed.length).toBe(9);
    expect(stage.services.dropped.of('pages')).toEqual([
      { reason: 'more ports than a page needs', count: 9 },
    ]);
    for (const page of [...greedy, other, next]) page.leave();
  });

  it('draws a coin-margined contract of the venue with the coin’s levels, and says so', async () => {
    const page = connect();
    page.send({ ...watchBtc, venue: 'binance', native: 'btcusd_perp' });
    await stage.until('a map', () => page.has('map'));
    const facts = () => page.replies.findLast((reply) => reply.type === 'tick')?.tick.facts ?? [];
    expect(facts()).toContainEqual(['This chart', 'btcusd_perp; levels are of BTCUSDT']);
    page.leave();
    const own = connect();
    own.send({ ...watchBtc, venue: 'binance', native: 'BTCUSDT.P' });
    await stage.until('a map', () => own.has('map'));
    expect(
      own.replies.flatMap((reply) => (reply.type === 'tick' ? reply.tick.facts : [])).join(),
    ).not.toMatch(/This chart/);
    own.leave();
  });

  const coinMargined = [
    ['binance', 'btcusd_perp', 'BTCUSDT'],
    ['bybit', 'BTCUSD', 'BTCUSDT'],
    ['okx', 'btc-usd-swap', 'BTC-USDT-SWAP'],
    ['bitget', 'BTCUSD', 'BTCUSDT'],
  ] as const;
  it.each(coinMargined)(
    'says on %s whose levels are drawn on %s, at that venue’s own mark',
    async (id, native, listed) => {
      ports.apply({ ...onlyBinance, venues: { ...onlyBinance.venues, [id]: true } });
      const page = connect();
      page.send({ ...watchBtc, venue: id, native });
      const view = () => page.replies.findLast((reply) => reply.type === 'map')?.view;
      const mark = () => stage.replay.market(id, 'BTC').mark(stage.replay.now());
      await stage.until('a map of its mark', () => Math.abs((view()?.price ?? 0) / mark() - 1) < 1e-4);
      const facts = page.replies.findLast((reply) => reply.type === 'tick')?.tick.facts ?? [];
      expect(facts).toContainEqual(['This chart', `${native}; levels are of ${listed}`]);
      page.leave();
    },
  );

  it.each([
    ['binance', 'newusd_perp'],
    ['bybit', 'NEWUSD'],
    ['okx', 'new-usd-swap'],
    ['bitget', 'NEWUSD'],
  ] as const)(
    'refuses on %s %s, of which it lists no perpetual, whatever Binance lists',
    async (id, native) => {
      ports.apply({ ...onlyBinance, venues: { ...onlyBinance.venues, [id]: true } });
      const page = connect();
      page.send({ ...watchBtc, venue: id, native });
      await stage.until('an answer', () => page.has('unknown'));
      const [reply] = page.replies;
      expect(reply!.type === 'unknown' && reply!.reason).toContain(`lists no USDT perpetual for ${native},`);
      expect(page.has('map')).toBe(false);
      page.leave();
    },
  );

  it('never takes a market that a third party runs on Hyperliquid for the coin of its letters', async () => {
    ports.apply({ ...onlyBinance, venues: { ...onlyBinance.venues, hyperliquid: true } });
    const page = connect();
    page.send({ ...watchBtc, symbol: 'xyz:BTC-USDT', venue: 'hyperliquid', native: 'xyz:BTC' });
    await stage.until('an answer', () => page.has('unknown'));
    expect(page.has('map')).toBe(false);
    page.leave();
  });

  it.each([
    ['spot:NOSUCHUSDT', 'NOSUCHUSDT (spot)'],
    ['NOSUCHUSD_PERP', 'NOSUCHUSD_PERP'],
  ])(
    'refuses %s, of which the venue lists no perpetual, whatever other venues list',
    async (native, told) => {
      ports.apply({ ...onlyBinance, venues: { ...onlyBinance.venues, bybit: true } });
      const page = connect();
      page.send({ ...watchBtc, symbol: 'NOSUCH-USDT', venue: 'binance', native });
      await stage.until('an answer', () => page.has('unknown'));
      const [reply] = page.replies;
      expect(reply).toMatchObject({ type: 'unknown', symbol: 'NOSUCH-USDT' });
      expect(reply!.type === 'unknown' && reply!.reason).toContain(
        `Binance lists no USDT perpetual for ${told},`,
      );
      expect(page.has('map')).toBe(false);
      page.leave();
    },
  );

  it('asks nothing for symbols that no list has, once the lists are there', async () => {
    const known = connect();
    known.send(watchBtc);
    await stage.until('a map', () => known.has('map'));
    await stage.pass(5000);
    const asked = stage.requests.length;
    const reads = vi.spyOn(stage.services.store, 'days');
    const strangers = Array.from({ length: 200 }, (_, i) => {
      const page = new PortEnd(watchPort, i);
      ports.connect(page.port);
      page.send({ ...watchBtc, symbol: `NOSUCH${i}-USDT` });
      return page;
    });
    await stage.until('an answer for each', () => strangers.every((page) => page.has('unknown')), 3000);
    expect(reads).not.toHaveBeenCalled();
    expect(stage.requests.length - asked).toBeLessThan(5);
    for (const page of [known, ...strangers]) page.leave();
  });
});
