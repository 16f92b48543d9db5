import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Bar } from '../../../src/engine/records';
import type { Instrument, VenueId } from '../../../src/feeds/feed';
import type { MapView } from '../../../src/protocol/view';
import { MarketStage, StagePage } from '../../../src/tools/market-stage';

/** What one venue sends never changes another venue's part, and what is left out is named. */

let stage: MarketStage;
afterEach(async () => {
  vi.restoreAllMocks();
  await stage.close();
});

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const isWhole = (page: StagePage) => page.map?.provisional === false;
const sharesOf = ({ venues = [] }: MapView) => venues.map(({ name }) => name).sort();

/** The venue prices the symbol at a hundredth, and counts a hundred coins for one: as much in USD. */
function listAsAnother(id: VenueId): void {
  const { instrument } = stage.services;
  stage.services.instrument = async (venue, symbol, ...rest) => {
    const found: Instrument | undefined = await instrument(venue, symbol, ...rest);
    return found && venue.id === id ? { ...found, multiplier: found.multiplier * 100 } : found;
  };
}

describe('one ticker, two assets', () => {
  it('leaves out the venue whose mark is not that of the others, with the reason', async () => {
    stage = await new MarketStage().open();
    listAsAnother('bitget');
    const market = stage.market('BTC-USDT', ['binance', 'okx', 'bitget']);
    const page = new StagePage('binance');
    market.watch(page);
    await stage.until('a whole map', () => isWhole(page));
    await stage.until('a verdict', () => page.health('bitget')!.state === 'odd');
    expect(page.health('bitget')).toMatchObject({
      quality: 'unavailable',
      reason: expect.stringMatching(/^Bitget gives 0\.01 times the price/),
    });
    expect(page.health('bitget')!.openInterestUsd).toBeUndefined();
    await stage.until('a map without it', () => !sharesOf(page.map!).includes('Bitget'));
    expect(sharesOf(page.map!)).toEqual(['Binance', 'OKX']);
    const counted = ['binance', 'okx'].map((id) => page.health(id as VenueId)!.openInterestUsd!);
    expect(sum(page.map!.long)).toBeLessThanOrEqual(sum(counted) * 1.001);
    expect(page.tick!.context!.openInterestUsd).toBeCloseTo(sum(counted), -6);
    market.stop();
  });

  it('draws nothing on the odd venue’s own page, and says why', async () => {
    stage = await new MarketStage().open();
    listAsAnother('bitget');
    const market = stage.market('BTC-USDT', ['binance', 'okx', 'bitget']);
    const page = new StagePage('bitget');
    market.watch(page);
    await stage.until('a refusal', () => page.tick?.refused !== undefined);
    expect(page.tick!.refused).toMatch(/Bitget gives 0\.01 times as much/);
    expect(page.tick!.price).toBeNull();
    const maps = page.replies.filter(({ type }) => type === 'map').length;
    await stage.pass(20_000);
    expect(page.replies.filter(({ type }) => type === 'map').length).toBe(maps);
    market.stop();
  });

  it.each(['binance', 'bitget'] as const)(
    'of two venues believes the one whose chart is shown: %s',
    async (shown) => {
      stage = await new MarketStage().open();
      listAsAnother('bitget');
      const market = stage.market('BTC-USDT', ['binance', 'bitget']);
      const page = new StagePage(shown);
      market.watch(page);
      const other = shown === 'binance' ? 'bitget' : 'binance';
      await stage.until('a verdict', () => page.health(other)?.state === 'odd');
      await stage.until('a map', () => page.map !== undefined && sharesOf(page.map).length === 1);
      expect(page.health(shown)!.state).toBe('ok');
      market.stop();
    },
  );
});

describe('bars that cannot be', () => {
  const spoil = (change: (bar: Bar) => Bar) => {
    stage.amend = (venue, url, value) => {
      if (venue !== 'binance' || !url.includes('/klines') || !url.includes('interval=5m')) return value;
      const bars = value as Bar[];
      return bars.map((bar) => (bar.time % 86_400_000 === 43_200_000 ? change(bar) : bar));
    };
  };

  it.each([
    ['a low at a tenth', (bar: Bar) => ({ ...bar, low: bar.low / 10 }), false],
    [
      'a close at ten times the open',
      (bar: Bar) => ({ ...bar, high: bar.high * 10, close: bar.high * 10 }),
      true,
    ],
  ])('one with %s a day stops no map and no other venue', async (_, change, isLeftOut) => {
    stage = await new MarketStage().open();
    spoil(change);
    const market = stage.market('BTC-USDT', ['binance', 'bybit']);
    const page = new StagePage('binance');
    market.watch(page);
    await stage.until('a whole map', () => isWhole(page));
    expect(sharesOf(page.map!)).toEqual(['Binance', 'Bybit']);
    expect(sum(page.map!.long)).toBeGreaterThan(0);
    await stage.pass(2000);
    const named = page.health('binance')!.dropped?.find(({ reason }) => /impossible prices/.test(reason));
    expect((named?.count ?? 0) > 0).toBe(isLeftOut);
    market.stop();
  });

  it('of a venue that the model cannot take cost this venue alone, by name', async () => {
    stage = await new MarketStage().open();
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    stage.amend = (venue, url, value) =>
      venue === 'bybit' && url.includes('/kline')
        ? (value as Bar[]).map((bar) => ({ ...bar, volume: -1 }))
        : value;
    const market = stage.market('BTC-USDT', ['binance', 'bybit']);
    const page = new StagePage('bybit');
    market.watch(page);
    await stage.until('a whole map', () => isWhole(page));
    await stage.until('a verdict', () => page.health('bybit')!.state === 'odd');
    expect(page.health('bybit')!.reason).toBe('What Bybit sends does not fit together, and is left out');
    expect(sharesOf(page.map!)).toEqual(['Binance']);
    market.stop();
  });
});

/** A page on a first venue's chart with a whole map. */
async function follow(...ids: VenueId[]) {
  stage = await new MarketStage().open();
  const market = stage.market('BTC-USDT', ids);
  const page = new StagePage(ids[0]);
  market.watch(page);
  await stage.until('a whole map', () => isWhole(page));
  await stage.until('all venues', () => sharesOf(page.map!).length === ids.length);
  return { market, page };
}

describe('a market that ends while it is followed', () => {
  it.each([
    ['binance', 'Binance', 'okx'],
    ['bybit', 'Bybit', 'binance'],
    ['okx', 'OKX', 'binance'],
    ['bitget', 'Bitget', 'binance'],
    ['hyperliquid', 'Hyperliquid', 'binance'],
  ] as const)(
    'on %s leaves the map, by name, and is not said to be out of reach',
    async (id, name, other) => {
      const { market, page } = await follow(other, id);
      stage.replay.setFaults([{ kind: 'delist', venue: id, coin: 'BTC' }]);
      await stage.until('its end', () => page.health(id)!.state === 'unlisted', 7 * 60_000);
      await stage.until('a map without it', () => !sharesOf(page.map!).includes(name), 10_000);
      expect(page.health(id)).toMatchObject({
        quality: 'unavailable',
        reason: `${name} no longer trades BTC-USDT`,
      });
      expect(page.health(id)!.openInterestUsd).toBeUndefined();
      const states = page.replies.flatMap((reply) =>
        reply.type === 'tick'
          ? reply.tick.health.filter(({ venue }) => venue === id).map(({ state }) => state)
          : [],
      );
      expect(new Set(states)).not.toContain('down');
      market.stop();
    },
  );

  it('is told as soon as its list of markets says so, an hour at the latest', async () => {
    const { market, page } = await follow('binance', 'okx');
    const { instrument } = stage.services;
    stage.services.instrument = async (venue, ...rest) =>
      venue.id === 'okx' ? undefined : instrument(venue, ...rest);
    stage.clock.pass(3_600_000);
    await stage.until('its end', () => page.health('okx')!.state === 'unlisted', 6 * 60_000);
    market.stop();
  });
});

describe('open interest that cannot be', () => {
  const isOpenInterest = (url: string) => url.includes('/fapi/v1/openInterest');

  it.each([0, 0.1, 10])('one reading × %f never reaches the map, and is counted', async (by) => {
    const { market, page } = await follow('binance');
    const usual = page.health('binance')!.openInterestUsd!;
    const from = page.replies.length;
    let odd = 1;
    stage.amend = (_, url, value) => {
      if (!isOpenInterest(url) || odd-- <= 0) return value;
      const point = value as { time: number; base: number };
      return { ...point, base: point.base * by };
    };
    await stage.until('the odd reading', () => odd <= 0, 7 * 60_000);
    await stage.pass(10 * 60_000);
    const told = page.replies
      .slice(from)
      .flatMap((reply) => (reply.type === 'tick' ? reply.tick.health[0]!.openInterestUsd! / usual : []));
    expect(Math.min(...told)).toBeGreaterThan(0.8);
    expect(Math.max(...told)).toBeLessThan(1.2);
    expect(page.health('binance')!.dropped).toContainEqual({
      reason: 'Open interest that moved further than was traded, and back',
      count: 1,
    });
    market.stop();
  });

  it('is believed once it has stayed, and makes the venue’s contracts be looked up', async () => {
    const { market, page } = await follow('binance');
    const usual = page.health('binance')!.openInterestUsd!;
    const lists = () => stage.requests.filter((url) => url.includes('/exchangeInfo')).length;
    const before = lists();
    stage.amend = (_, url, value) => {
      if (!isOpenInterest(url)) return value;
      const point = value as { time: number; base: number };
      return { ...point, base: point.base * 0.5 };
    };
    await stage.until('a doubt', () => (page.health('binance')!.dropped ?? []).length > 0, 7 * 60_000);
    expect(page.health('binance')!.openInterestUsd! / usual).toBeGreaterThan(0.9);
    await stage.until(
      'it is believed',
      () => page.health('binance')!.openInterestUsd! < 0.6 * usual,
      900_000,
    );
    expect(lists()).toBeGreaterThan(before);
    market.stop();
  });
});

describe('contracts that change their size', () => {
  it('are followed anew: nothing told in old ones is mixed with new ones', async () => {
    const { market, page } = await follow('binance', 'okx');
    const usual = page.health('okx')!.openInterestUsd!;
    const { instrument } = stage.services;
    let asked = 0;
    stage.services.instrument = async (venue, ...rest) => {
      const found = await instrument(venue, ...rest);
      if (venue.id !== 'okx' || !found) return found;
      asked += 1;
      return { ...found, contractSize: found.contractSize / 10 };
    };
    const opened = () => stage.opened.filter((url) => url.includes('okx')).length;
    const before = opened();
    stage.clock.pass(3_600_000);
    await stage.until('the list', () => asked > 0, 6 * 60_000);
    await stage.until('new streams', () => opened() > before, 60_000);
    await stage.until('its part again', () => page.health('okx')!.openInterestUsd !== undefined, 60_000);
    // OKX tells open interest in coins as well, which no contract's size changes.
    expect(page.health('okx')!.openInterestUsd! / usual).toBeCloseTo(1, 0);
    market.stop();
  });
});

describe('a wick of the last price', () => {
  /** Sockets of Binance and Hyperliquid tell bars whose low is a tenth deeper. */
  const deepen = () => {
    stage.alter = (text) =>
      /"e":"(?:continuous_)?kline"|"channel":"candle"/.test(text)
        ? text.replace(/"l":"([\d.]+)"/, (_, low: string) => `"l":"${Number(low) * 0.9}"`)
        : text;
  };
  const longs = (map: MapView, name: string) => {
    const share = map.venues!.find((venue) => venue.name === name)!.long;
    return sum(map.long.map((usd, i) => (usd * share[i]!) / 100));
  };

  it('on one venue before its marks were heard empties its own longs alone', async () => {
    stage = await new MarketStage().open();
    deepen();
    const market = stage.market('BTC-USDT', ['okx', 'binance']);
    const page = new StagePage('okx');
    market.watch(page);
    await stage.until('a whole map', () => isWhole(page));
    await stage.pass(3000);
    const near = page.map!.long.map(
      (_, i) => Math.exp(page.map!.lnLow + i * page.map!.step) > page.map!.price * 0.91,
    );
    const shares = page.map!.venues!.map(({ name, long }) => [name, sum(long.filter((_, i) => near[i]))]);
    expect(Object.fromEntries(shares).OKX).toBeGreaterThan(0);
    expect(sum(page.map!.long.filter((_, i) => near[i]))).toBeGreaterThan(0);
    market.stop();
  });

  it.each([
    ['binance', 'Binance'],
    // Its bars are asked for a while after they have closed.
    ['hyperliquid', 'Hyperliquid'],
  ] as const)(
    'does nothing where the mark of %s is heard: liquidations follow the mark',
    async (id, name) => {
      const { market, page } = await follow(id, 'okx');
      await stage.pass(630_000);
      const before = longs(page.map!, name);
      deepen();
      await stage.pass(20_000);
      expect(longs(page.map!, name)).toBeGreaterThan(before * 0.8);
      market.stop();
    },
  );
});

describe('a mark that leaps', () => {
  const isMark = (text: string) => text.includes('markPriceUpdate');
  const scale = (text: string, by: number) =>
    text.replace(/"p":"([\d.]+)"/, (_, mark: string) => `"p":"${Number(mark) * by}"`);

  it.each([0.1, 10])('× %f for a moment sweeps nothing and moves no price', async (by) => {
    const { market, page } = await follow('binance');
    await stage.pass(310_000);
    const before = sum(page.map!.long) + sum(page.map!.short);
    const from = page.replies.length;
    let odd = 2;
    stage.alter = (text) => (isMark(text) && odd-- > 0 ? scale(text, by) : text);
    await stage.pass(10_000);
    expect(odd).toBeLessThanOrEqual(0);
    const prices = page.replies
      .slice(from)
      .flatMap((reply) => (reply.type === 'tick' ? (reply.tick.price ?? []) : []));
    expect(Math.max(...prices) / Math.min(...prices)).toBeLessThan(1.05);
    expect(sum(page.map!.long) + sum(page.map!.short)).toBeGreaterThan(before * 0.9);
    market.stop();
  });

  it('is believed once it has stayed there', async () => {
    const { market, page } = await follow('binance');
    const before = page.tick!.price!;
    stage.alter = (text) => (isMark(text) ? scale(text, 0.7) : text);
    await stage.until('the new price', () => page.tick!.price! < before * 0.75, 20_000);
    market.stop();
  });
});
