import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Bar } from '../../../src/engine/records';
import type { Instrument, VenueId } from '../../../src/feeds/feed';
import type { MapView } from '../../../src/protocol/view';
import { MarketStage, Page } from '../stage';

/** What one venue sends never changes another venue's part, and what is left out is named. */

let stage: MarketStage;
afterEach(async () => {
  vi.restoreAllMocks();
  await stage.close();
});

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const isWhole = (page: Page) => page.map?.provisional === false;
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
    const page = new Page('binance');
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
    const page = new Page('bitget');
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
      const page = new Page(shown);
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
    const page = new Page('binance');
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
    const page = new Page('bybit');
    market.watch(page);
    await stage.until('a whole map', () => isWhole(page));
    await stage.until('a verdict', () => page.health('bybit')!.state === 'odd');
    expect(page.health('bybit')!.reason).toBe('What Bybit sends does not fit together, and is left out');
    expect(sharesOf(page.map!)).toEqual(['Binance']);
    market.stop();
  });
});
