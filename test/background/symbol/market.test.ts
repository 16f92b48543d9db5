import { afterEach, describe, expect, it } from 'vitest';
import { quietOrdersMs } from '../../../src/background/venue/feed-health';
import { slotMs } from '../../../src/estimate/day-cells';
import type { VenueId } from '../../../src/feeds/feed';
import type { MapView } from '../../../src/protocol/view';
import { MarketStage, StagePage } from '../../../src/tools/market-stage';
import type { Fault, ReplayOptions } from '../../../src/tools/replay';

let stage: MarketStage;
afterEach(() => stage?.close());

async function open(options: ReplayOptions = {}): Promise<MarketStage> {
  stage = await new MarketStage().open(options);
  return stage;
}

/** A page watching BTC on Binance whose map is complete. */
async function follow(options: ReplayOptions = {}) {
  await open(options);
  const market = stage.market('BTC-USDT');
  const page = new StagePage('binance');
  market.watch(page);
  await stage.until('a complete map', () => page.map?.provisional === false);
  return { market, page };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const bandOf = ({ lnLow, step }: MapView, price: number) => Math.floor((Math.log(price) - lnLow) / step);

describe('a market', () => {
  it('shows a first, provisional map within two seconds and the whole history soon after', async () => {
    await open();
    stage.latencyMs = 300;
    const market = stage.market('BTC-USDT');
    const page = new StagePage('binance');
    const opened = stage.clock.now();
    market.watch(page);
    await stage.until('a first map', () => page.map !== undefined, 2000);
    expect(page.map!.provisional).toBe(true);
    await stage.until('a complete map', () => page.map!.provisional === false, 15_000);
    expect(stage.clock.now() - opened).toBeLessThan(15_000);
    const recorded = stage.replay.market('binance', 'BTC');
    expect(page.map!.historyFrom).toBe(recorded.start);
    market.stop();
  });

  it('puts long liquidations below the mark of the page’s venue and short ones above', async () => {
    const { market, page } = await follow();
    const map = page.map!;
    const recorded = stage.replay.market('binance', 'BTC');
    expect(map.price).toBeCloseTo(recorded.mark(stage.replay.now()), -2);
    const at = bandOf(map, map.price);
    expect(sum(map.long.slice(at + 1))).toBe(0);
    expect(sum(map.short.slice(0, at))).toBe(0);
    expect(sum(map.long)).toBeGreaterThan(0);
    expect(sum(map.short)).toBeGreaterThan(0);
    // Longs and shorts opened in the window can never exceed the open interest.
    const openInterestUsd = page.health('binance')!.openInterestUsd!;
    expect(openInterestUsd / (recorded.openInterest(stage.replay.now()) * map.price)).toBeCloseTo(1, 2);
    expect(sum(map.long)).toBeLessThanOrEqual(openInterestUsd * 1.001);
    expect(sum(map.short)).toBeLessThanOrEqual(openInterestUsd * 1.001);
    market.stop();
  });

  it('asks each page’s questions once: a second page costs no request', async () => {
    const { market } = await follow();
    // What comes after the map, such as past fundings.
    await stage.pass(5000);
    const asked = stage.requests.length;
    const second = new StagePage('binance');
    market.watch(second);
    expect(second.map?.symbol).toBe('BTC-USDT');
    await stage.pass(2000);
    expect(stage.requests.length).toBe(asked);
    market.stop();
  });

  it('tells pages the price and the age of the data every second, at most', async () => {
    const { market, page } = await follow();
    const before = page.replies.filter(({ type }) => type === 'tick').length;
    await stage.pass(10_000);
    const ticks = page.replies.filter(({ type }) => type === 'tick').length - before;
    expect(ticks).toBeGreaterThanOrEqual(9);
    expect(ticks).toBeLessThanOrEqual(12);
    expect(stage.clock.now() - page.tick!.asOf!).toBeLessThan(3000);
    market.stop();
  });

  it('builds a new map when a bar has closed, from that bar too', async () => {
    const { market, page } = await follow();
    const before = page.map!;
    await stage.pass(slotMs);
    expect(page.map!.asOf).toBeGreaterThan(before.asOf);
    expect(page.map!.long).not.toEqual(before.long);
    market.stop();
  });

  it('takes each venue’s margin table, keeps it a day, and does with a recorded one until it is there', async () => {
    await open();
    // A table that begins at 20x: nothing within 4 % of price can be opened at once.
    const steps = [
      ['50000', 0.01, 20],
      ['1000000', 0.05, 5],
    ].map(([cap, rate, leverage], i) => ({
      bracketSeq: i + 1,
      bracketNotionalFloor: 0,
      bracketNotionalCap: cap,
      bracketMaintenanceMarginRate: rate,
      cumFastMaintenanceAmount: 0,
      maxOpenPosLeverage: leverage,
    }));
    const brackets = [{ symbol: 'BTCUSDT', updateTime: 1, riskBrackets: steps }];
    let served = false;
    stage.answer = (url) => {
      if (!url.includes('/brackets')) return undefined;
      return served ? { data: { brackets } } : { data: {} };
    };
    const market = stage.market('BTC-USDT');
    const page = new StagePage('binance');
    market.watch(page);
    const near = () => {
      const { long, price } = page.map!;
      return sum(long.slice(bandOf(page.map!, price * 0.985)));
    };
    await stage.until('a complete map', () => page.map?.provisional === false);
    await stage.until('the feed named', () =>
      Boolean(page.health('binance')!.feeds?.some(({ feed }) => feed === 'tiers')),
    );
    const recorded = near();
    expect(recorded).toBeGreaterThan(0);
    served = true;
    const asked = () => stage.requests.filter((url) => url.includes('/brackets')).length;
    await stage.pass(30 * 60_000);
    stage.clock.pass(3_600_000);
    // What price comes near to before it is swept stays.
    const isOwn = () => page.map!.provisional === false && near() < recorded / 20;
    await stage.until('its own table', isOwn, 20 * 60_000);
    await stage.until('all feeds well', () => page.health('binance')!.feeds!.length === 0);
    const before = asked();
    await stage.pass(15 * 60_000);
    expect(asked()).toBe(before);
    market.stop();
  });

  it('compares funding per eight hours, also of a symbol that settles every four', async () => {
    await open();
    const told = { symbol: 'BTCUSDT', adjustedFundingRateCap: '0.02', adjustedFundingRateFloor: '-0.02' };
    stage.answer = (url) =>
      url.includes('/fundingInfo') ? [{ ...told, fundingIntervalHours: 4 }] : undefined;
    const market = stage.market('BTC-USDT');
    const page = new StagePage('binance');
    market.watch(page);
    const raw = () => stage.replay.market('binance', 'BTC').fundingRate(stage.replay.now());
    await stage.until('the interval', () =>
      Boolean(
        page.tick?.context?.fundingPer8h && Math.abs(page.tick.context.fundingPer8h / raw() - 2) < 0.01,
      ),
    );
    market.stop();
  });

  it('is silent once stopped and catches up when it starts again, without a hole', async () => {
    const { market, page } = await follow();
    market.stop();
    await stage.pass(2000);
    expect(stage.replay.stats().venues.binance!.sockets).toBe(0);
    const asked = stage.requests.length;
    for (let hour = 0; hour < 3; hour++) {
      stage.clock.pass(3_600_000);
      stage.replay.advance(0);
    }
    expect(stage.requests.length).toBe(asked);
    market.start();
    await stage.until('fresh data', () => stage.clock.now() - (page.tick?.asOf ?? 0) < 3000);
    await stage.until('the gap to be filled', () => page.health('binance')!.quality === 'full');
    // One page of bars and one of open interest fill three hours.
    const gap = stage.requests.slice(asked);
    expect(gap.filter((url) => url.includes('/klines')).length).toBeLessThanOrEqual(2);
    market.stop();
  });

  it('says that a symbol is listed nowhere, once, and asks no more', async () => {
    await open();
    const market = stage.market('NOSUCH-USDT');
    const page = new StagePage();
    market.watch(page);
    await stage.until('unknown', () => page.replies.some(({ type }) => type === 'unknown'));
    const asked = stage.requests.length;
    await stage.pass(30_000);
    market.watch(new StagePage());
    await stage.pass(5000);
    expect(page.replies.filter(({ type }) => type === 'unknown')).toHaveLength(1);
    expect(stage.requests.length).toBe(asked);
    expect(stage.replay.stats().venues.binance!.sockets).toBe(0);
  });
});

describe('when a venue fails', () => {
  const faults: [name: string, faults: Fault[], state: string, words: RegExp][] = [
    ['429', [{ kind: 'status', status: 429, retryAfter: 20 }], 'limited', /fewer requests/],
    ['418', [{ kind: 'status', status: 418, retryAfter: 20 }], 'limited', /fewer requests/],
    ['403', [{ kind: 'status', status: 403 }], 'blocked', /does not serve this address/],
    ['451', [{ kind: 'status', status: 451 }], 'blocked', /does not serve this address/],
    ['500', [{ kind: 'status', status: 500 }], 'down', /does not answer/],
    ['HTML instead of JSON', [{ kind: 'html' }], 'down', /cannot be read/],
    ['NaN', [{ kind: 'nan' }], 'down', /cannot be read/],
    ['nothing', [{ kind: 'nothing' }], 'down', /cannot be read/],
  ];

  it.each(faults)(
    'with %s, the last good bands stay, stale, with the reason',
    async (_, failing, state, words) => {
      const { market, page } = await follow();
      const good = page.map!;
      // Its sockets end as well: nothing comes from this venue any more.
      stage.replay.setFaults([...failing, { kind: 'silent' }, { kind: 'close', everyMs: 1000 }]);
      await stage.until('stale', () => page.health('binance')!.quality === 'stale', 200_000);
      await stage.until('a reason', () => page.health('binance')!.state === state, 400_000);
      expect(page.health('binance')!.reason).toMatch(words);
      expect(page.health('binance')!.reason).not.toMatch(/undefined|NaN|Error/);
      expect(sum(page.map!.long)).toBeGreaterThan(sum(good.long) * 0.5);
      expect(stage.clock.now() - page.tick!.asOf!).toBeGreaterThan(60_000);
      expect(page.tick!.banners.length).toBeGreaterThan(0);

      stage.replay.setFaults([]);
      // Who is refused asks again within the hour.
      if (state === 'blocked') stage.clock.pass(3_600_000);
      await stage.until(
        'recovery',
        () => page.health('binance')!.state === 'ok' && page.health('binance')!.quality === 'full',
        200_000,
      );
      expect(stage.clock.now() - page.tick!.asOf!).toBeLessThan(60_000);
      market.stop();
    },
  );

  it.each([500, 503])('with %i for a second, it is healthy again within five', async (status) => {
    const { market, page } = await follow();
    const cut: Fault = { kind: 'close', everyMs: 0, forMs: 500 };
    stage.replay.setFaults([cut, { kind: 'status', status, forMs: 1000 }]);
    await stage.until('trouble', () => page.health('binance')!.state !== 'ok', 3000);
    await stage.until('health', () => page.health('binance')!.state === 'ok', 5000);
    market.stop();
  });

  it('and its stream is back while it is still being asked, it is asked again at once', async () => {
    const { market, page } = await follow();
    const asked = () => stage.replay.stats().venues.binance!.requests;
    const before = asked();
    const noAnswer: Fault[] = [{ kind: 'hang', path: '/fapi/' }, { kind: 'silent' }];
    stage.replay.setFaults([{ kind: 'close', everyMs: 0, forMs: 500 }, ...noAnswer]);
    // Mark and open interest, three attempts each: the third time round waits for an answer that will not come.
    await stage.until('nine attempts', () => asked() >= before + 18, 400_000);
    expect(page.health('binance')!.state).toBe('down');
    stage.replay.setFaults([]);
    await stage.until('health', () => page.health('binance')!.state === 'ok', 18_000);
    market.stop();
  });

  it('and answers the same old figures for ever, they age', async () => {
    const { market, page } = await follow();
    stage.replay.setSpeed(0);
    await stage.pass(140_000);
    expect(stage.clock.now() - page.tick!.asOf!).toBeGreaterThan(60_000);
    expect(page.health('binance')!.quality).toBe('stale');
    stage.replay.setSpeed(1);
    await stage.until('fresh again', () => page.health('binance')!.quality === 'full', 120_000);
    market.stop();
  });

  it.each([
    ['ahead', 7 * 60_000],
    ['behind', -7 * 60_000],
  ])('only in its clock, which runs %s, data is not stale', async (_, ms) => {
    const { market, page } = await follow({ faults: [{ kind: 'skew', ms }] });
    await stage.pass(20_000);
    expect(page.health('binance')).toMatchObject({ state: 'ok', quality: 'full' });
    expect(stage.clock.now() - page.tick!.asOf!).toBeLessThan(3000);
    market.stop();
  });

  it('by setting its clock back while it is followed, data is fresh again within a minute', async () => {
    const { market, page } = await follow();
    stage.replay.setFaults([{ kind: 'skew', ms: -20 * 60_000 }]);
    await stage.pass(60_000);
    expect(stage.clock.now() - page.tick!.asOf!).toBeLessThan(3000);
    market.stop();
  });
});

describe('how much is live', () => {
  it('is told by venues and their part of open interest, and ages with the greater part', async () => {
    await open();
    const ids = ['binance', 'bybit', 'okx'] as const;
    const market = stage.market('BTC-USDT', [...ids]);
    const page = new StagePage('binance');
    market.watch(page);
    await stage.until('a complete map', () => page.map?.provisional === false);
    await stage.pass(6000);
    expect(page.tick!.live).toEqual({ venues: 3, of: 3, share: 1 });
    const usd = ids.map((id) => page.health(id)!.openInterestUsd!);
    const own = usd[0]! / sum(usd);
    const dead = ids.slice(own < 0.5 ? 1 : 0, own < 0.5 ? 3 : 1);
    stage.replay.setFaults(
      dead.flatMap((venue): Fault[] => [
        { kind: 'status', venue, status: 500 },
        { kind: 'silent', venue },
        { kind: 'close', venue, everyMs: 1000 },
      ]),
    );
    await stage.until('the rest', () => page.tick!.live!.venues === 3 - dead.length, 200_000);
    expect(page.tick!.live!.share).toBeCloseTo(own < 0.5 ? own : 1 - own, 1);
    expect(page.tick!.live!.of).toBe(3);
    await stage.pass(60_000);
    // The venues that are live are the smaller part: what is shown is as old as the rest.
    expect(stage.clock.now() - page.tick!.asOf!).toBeGreaterThan(60_000);
    expect(page.tick!.banners[0]!.text).toMatch(/^[12] of 3 venues live, \d+ % of open interest$/);
    stage.replay.setFaults([]);
    await stage.until('all again', () => page.tick!.live!.share === 1, 200_000);
    await stage.until('no word of it', () => page.tick!.banners.every(({ kind }) => kind !== 'partlyLive'));
    market.stop();
  });

  it('says how long forced orders were listened to, and where they are sampled', async () => {
    const { market, page } = await follow();
    await stage.pass(14 * 60_000);
    const [, words] = page.tick!.facts!.find(([name]) => name === 'Listened to')!;
    const minutes = Number(/^(\d+) min of 24 h, sampled on Binance$/.exec(words)?.[1]);
    expect(minutes).toBeGreaterThanOrEqual(13);
    expect(minutes).toBeLessThanOrEqual(15);
    market.stop();
  });
});

describe('a venue that refuses this address', () => {
  it('is asked again at once when the user wants it', async () => {
    const { market, page } = await follow();
    const blocked: Fault[] = [
      { kind: 'status', status: 451 },
      { kind: 'silent' },
      { kind: 'close', everyMs: 1000 },
    ];
    stage.replay.setFaults(blocked);
    await stage.until('a refusal', () => page.health('binance')!.state === 'blocked', 400_000);
    stage.replay.setFaults([]);
    const asked = stage.requests.length;
    // By itself it is asked after two minutes.
    await stage.pass(60_000);
    expect(page.health('binance')!.state).toBe('blocked');
    expect(stage.requests.length).toBe(asked);
    market.retryVenue('binance');
    await stage.until('health', () => page.health('binance')!.state === 'ok', 10_000);
    market.stop();
  });
});

describe('the health of each feed', () => {
  const feedOf = (page: StagePage, venue: VenueId, feed: string) =>
    page.health(venue)?.feeds?.find((each) => each.feed === feed);

  it('names nothing while all feeds of all venues flow, but what a venue does not have', async () => {
    await open();
    const ids = ['binance', 'bybit', 'okx', 'bitget', 'hyperliquid'] as const;
    const market = stage.market('BTC-USDT', [...ids]);
    const page = new StagePage('binance');
    market.watch(page);
    await stage.until('a complete map', () => page.map?.provisional === false);
    await stage.pass(7 * 60_000);
    const feeds = Object.fromEntries(ids.map((id) => [id, page.health(id)!.feeds]));
    const opened = feeds.hyperliquid![0]!.since;
    expect(feeds).toEqual({
      binance: [],
      bybit: [],
      okx: [],
      bitget: [],
      hyperliquid: [
        {
          feed: 'forcedOrders',
          state: 'none',
          since: opened,
          reason: 'Hyperliquid does not publish forced orders',
        },
      ],
    });
    market.stop();
  });

  it('a book that does not come is named with the reason and since when, and the venue stays live', async () => {
    const { market, page } = await follow();
    await stage.until('a book', () => page.map!.clusters.some(({ depth }) => depth !== undefined));
    const failedFrom = stage.clock.now();
    stage.replay.setFaults([{ kind: 'status', status: 500, path: '/fapi/v1/depth' }]);
    await stage.until('the feed named', () => feedOf(page, 'binance', 'book') !== undefined, 120_000);
    expect(feedOf(page, 'binance', 'book')).toMatchObject({
      state: 'down',
      reason: 'Binance does not answer',
    });
    const { since } = feedOf(page, 'binance', 'book')!;
    expect(since).toBeGreaterThanOrEqual(failedFrom);
    expect(stage.clock.now() - since).toBeGreaterThan(30_000);
    expect(page.health('binance')!.state).toBe('ok');
    await stage.pass(60_000);
    expect(feedOf(page, 'binance', 'book')!.since).toBe(since);
    expect(page.tick!.banners.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/^Order book of Binance silent for \d+ (s|min)$/),
    );
    stage.replay.setFaults([]);
    await stage.until('well again', () => feedOf(page, 'binance', 'book') === undefined, 60_000);
    market.stop();
  });

  it('trades that bars tell of and that do not come as trades are named', async () => {
    await open();
    stage.alter = (text) => (text.includes('aggTrade"') ? undefined : text);
    const market = stage.market('BTC-USDT');
    const page = new StagePage('binance');
    market.watch(page);
    await stage.until('the feed named', () => feedOf(page, 'binance', 'trades') !== undefined, 180_000);
    expect(feedOf(page, 'binance', 'trades')).toMatchObject({ state: 'late' });
    expect(feedOf(page, 'binance', 'trades')!.reason).toMatch(/^Nothing from Binance for \d+ (s|min)$/);
    expect(page.health('binance')!.state).toBe('ok');
    market.stop();
  });

  it('a silent stream of forced orders is named while all else is live', async () => {
    await open();
    const market = stage.market('BTC-USDT', ['binance', 'bitget']);
    const page = new StagePage('binance');
    market.watch(page);
    await stage.until('a complete map', () => page.map?.provisional === false);
    stage.replay.setFaults([{ kind: 'silent', venue: 'bitget', path: '/v3/ws' }]);
    const silentFrom = stage.clock.now();
    await stage.until(
      'the feed named',
      () => feedOf(page, 'bitget', 'forcedOrders') !== undefined,
      25 * 60_000,
    );
    expect(feedOf(page, 'bitget', 'forcedOrders')!.state).toBe('late');
    expect(feedOf(page, 'bitget', 'forcedOrders')!.since).toBeLessThanOrEqual(silentFrom);
    expect(page.health('bitget')!.state).toBe('ok');
    expect(feedOf(page, 'binance', 'forcedOrders')).toBeUndefined();
    market.stop();
  });

  it('forced orders may stay away for twenty of their usual pauses, 10 min to 12 h', () => {
    expect([0, 24, 96, 1440, 100_000].map((count) => quietOrdersMs(count) / 60_000)).toEqual([
      720, 720, 300, 20, 10,
    ]);
  });

  it('messages left out are told with their number and reason', async () => {
    const { market, page } = await follow();
    expect(page.health('binance')!.dropped).toBeUndefined();
    stage.replay.setFaults([{ kind: 'half', venue: 'binance', path: '/market/stream', times: 7 }]);
    await stage.until('messages left out', () => (page.health('binance')!.dropped?.[0]?.count ?? 0) >= 7);
    expect(page.health('binance')!.dropped).toEqual([{ reason: 'not JSON', count: 7 }]);
    stage.replay.setFaults([{ kind: 'nan', venue: 'binance', path: '/fapi/v1/depth', times: 3 }]);
    await stage.until('a reply left out', () => page.health('binance')!.dropped!.length > 1);
    market.stop();
  });
});

describe('order flow', () => {
  it('holds each cluster against what rests in the books, once the map is whole', async () => {
    const { market, page } = await follow();
    await stage.until('a book', () => page.map!.clusters.some(({ depth }) => depth !== undefined), 60_000);
    const recorded = page.map!;
    for (const { usd, depth } of recorded.clusters) {
      const resting = usd / depth!.atRisk;
      expect(resting).toBeGreaterThan(0);
      expect(depth!.expected / depth!.atRisk).toBeCloseTo(recorded.q.p50, 9);
    }
    // Farther clusters of a side have more in their way.
    for (const side of ['long', 'short'] as const) {
      const resting = recorded.clusters
        .filter((cluster) => cluster.side === side)
        .sort((a, b) => a.distance - b.distance)
        .map(({ usd, depth }) => usd / depth!.atRisk);
      expect(resting).toEqual([...resting].sort((a, b) => a - b));
    }
    market.stop();
  });

  it('warns of orders near a cluster that come and go on one venue', async () => {
    const { market, page } = await follow();
    // Levels stay once it is known what is typical.
    await stage.until('what is typical', () => page.map?.isTypicalYoung === false);
    const { clusters, price } = page.map!;
    // One that price does not reach meanwhile.
    const [near] = clusters
      .filter(({ distance }) => distance > 0.005)
      .sort((a, b) => a.distance - b.distance) as [(typeof clusters)[number]];
    const wallAt = near.side === 'long' ? near.high : near.low;
    const isBid = near.side === 'long';
    let asked = 0;
    const T = () => stage.replay.now();
    stage.answer = (url) => {
      if (!url.includes('/fapi/v1/depth')) return undefined;
      asked += 1;
      const level = (side: 1 | -1) =>
        Array.from({ length: 900 }, (_, i) => {
          const at = price * (1 + (side * (i + 1)) / 10_000);
          const isWall = asked % 2 === 0 && Math.abs(at / wallAt - 1) < 0.00006 && side < 0 === isBid;
          return [at.toFixed(1), isWall ? '900' : '1'];
        });
      return { lastUpdateId: asked, E: T(), T: T(), bids: level(-1), asks: level(1) };
    };
    const warned = () => page.tick!.banners.find(({ kind }) => kind === 'unstableWall');
    await stage.until('the warning', () => warned() !== undefined, 300_000);
    expect(asked).toBeGreaterThanOrEqual(6);
    expect(warned()!.text).toMatch(
      /^Orders of \$\d+\.\dM at [\d,.]+ on Binance came and went 3 times in 10 min/,
    );
    expect(Number(/at ([\d,.]+) on/.exec(warned()!.text)![1]!.replaceAll(',', '')) / wallAt).toBeCloseTo(
      1,
      3,
    );
    stage.answer = () => undefined;
    await stage.until('it is over', () => warned() === undefined, 15 * 60_000);
    market.stop();
  });

  it('sees takers lean against a cluster close to price, and anew only after twenty minutes without a gap', async () => {
    await open();
    // All takers on one side, more and more of them.
    let trades = 0;
    let isSelling = false;
    stage.alter = (text) =>
      text.includes('aggTrade"')
        ? text.replace(/"q":"[^"]*"/, `"q":"${++trades}"`).replace(/"m":\w+/, `"m":${isSelling}`)
        : text;
    const market = stage.market('BTC-USDT');
    const page = new StagePage('binance');
    market.watch(page);
    await stage.until('a complete map', () => page.map?.provisional === false);
    const { clusters } = page.map!;
    isSelling = clusters.reduce((a, b) => (b.distance < a.distance ? b : a)).side === 'short';
    const isSeen = () => page.tick!.banners.some(({ kind }) => kind === 'divergence');
    await stage.pass(21 * 60_000);
    await stage.until('takers to be seen', isSeen, 30_000);
    stage.replay.setFaults([{ kind: 'close', everyMs: 1000, forMs: 3000 }]);
    await stage.pass(10_000);
    stage.replay.setFaults([]);
    for (let part = 0; part < 3; part++) {
      await stage.pass(5 * 60_000);
      expect(isSeen()).toBe(false);
    }
    await stage.pass(6 * 60_000);
    await stage.until('takers to be seen again', isSeen, 30_000);
    market.stop();
  });

  it('says nothing about depth once the books are old', async () => {
    const { market, page } = await follow();
    await stage.until('a book', () => page.map!.clusters.some(({ depth }) => depth !== undefined), 60_000);
    stage.replay.setFaults([{ kind: 'status', status: 500, path: '/fapi/v1/depth' } as Fault]);
    await stage.until('none', () => page.map!.clusters.every(({ depth }) => depth === undefined), 180_000);
    expect(page.health('binance')!.state).toBe('ok');
    market.stop();
  });

  it('says nothing about depth while one venue’s book is missing: less would seem to rest than does', async () => {
    await open();
    const market = stage.market('BTC-USDT', ['binance', 'okx']);
    const page = new StagePage('binance');
    stage.replay.setFaults([{ kind: 'status', status: 500, path: '/fapi/v1/depth' } as Fault]);
    market.watch(page);
    await stage.until('a complete map', () => page.map?.provisional === false);
    await stage.pass(40_000);
    expect(stage.requests.some((url) => url.includes('/market/books'))).toBe(true);
    expect(page.map!.clusters.length).toBeGreaterThan(0);
    expect(page.map!.clusters.filter(({ depth }) => depth)).toEqual([]);
    stage.replay.setFaults([]);
    await stage.until('both books', () => page.map!.clusters.every(({ depth }) => depth), 120_000);
    market.stop();
  });
});
