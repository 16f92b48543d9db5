import { afterEach, describe, expect, it } from 'vitest';
import { slotMs } from '../../src/background/series';
import type { MapView } from '../../src/protocol/view';
import type { Fault, ReplayOptions } from '../../src/replay';
import { MarketStage, Page } from './stage';

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
  const page = new Page('binance');
  market.watch(page);
  await stage.until('a complete map', () => page.map?.provisional === false);
  return { market, page };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const bandOf = ({ lnLow, step }: MapView, price: number) => Math.floor((Math.log(price) - lnLow) / step);

describe('a market', () => {
  it('shows a first, provisional map within two seconds and the whole history soon after', async () => {
    await open();
    const market = stage.market('BTC-USDT');
    const page = new Page('binance');
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
    const second = new Page('binance');
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
    const page = new Page();
    market.watch(page);
    await stage.until('unknown', () => page.replies.some(({ type }) => type === 'unknown'));
    const asked = stage.requests.length;
    await stage.pass(30_000);
    market.watch(new Page());
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
    const page = new Page('binance');
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
