import { afterEach, describe, expect, it } from 'vitest';
import type { Tick } from '../../../src/protocol/view';
import { MarketStage, StagePage } from '../../../src/tools/market-stage';

/** Every warning of a market, from what its venue really sends. */

let stage: MarketStage;
afterEach(() => stage?.close());

const banner = (page: StagePage, kind: string): Tick['banners'][number] | undefined =>
  page.tick?.banners.find((each) => each.kind === kind);

/** A page with a whole map; nothing but the weekend is wrong. */
async function follow(symbol = 'BTC-USDT', time?: number) {
  stage = await new MarketStage(time).open();
  const market = stage.market(symbol);
  const page = new StagePage('binance');
  market.watch(page);
  await stage.until('a complete map', () => page.map?.provisional === false);
  await stage.pass(6000);
  return { market, page };
}

const wednesday = Date.UTC(2026, 10, 18, 12, 2, 30);

describe('the warnings of a market', () => {
  it('are none on a working day when all is well', async () => {
    const { page } = await follow('BTC-USDT', wednesday);
    expect(page.tick!.banners).toEqual([]);
  });

  it.each([
    ['weekend', Date.UTC(2026, 10, 21, 14), /^Weekend/],
    ['event', Date.UTC(2026, 11, 9, 17, 45), /^FOMC \(federalreserve\.gov\) in 75 min$/],
    ['event', Date.UTC(2026, 11, 10, 14, 30), /^CPI \(bls\.gov\) 60 min ago$/],
    ['event', Date.UTC(2027, 0, 27, 18), /^FOMC \(federalreserve\.gov, tentative\) in 60 min$/],
  ])('%s by the calendar', async (kind, time, words) => {
    const { page } = await follow('BTC-USDT', time);
    expect(banner(page, kind)?.text).toMatch(words);
  });

  it('open interest that fell by more than 15 % in four hours', async () => {
    const { page } = await follow('BTC-USDT', wednesday);
    const whole = stage.replay.market('binance', 'BTC').openInterest(stage.replay.now());
    stage.answer = (url) =>
      url.includes('/fapi/v1/openInterest')
        ? { openInterest: String(whole * 0.8), symbol: 'BTCUSDT', time: stage.replay.now() }
        : undefined;
    await stage.until('the fall', () => banner(page, 'openInterestDrop') !== undefined, 12 * 60_000);
    expect(banner(page, 'openInterestDrop')!.text).toMatch(/^Open interest fell by 2\d % in four hours/);
  });

  it('open interest that has not changed for half an hour', async () => {
    const { page } = await follow('BTC-USDT', wednesday);
    const frozen = stage.replay.market('binance', 'BTC').openInterest(stage.replay.now());
    stage.answer = (url) =>
      url.includes('/fapi/v1/openInterest')
        ? { openInterest: String(frozen), symbol: 'BTCUSDT', time: stage.replay.now() }
        : undefined;
    await stage.pass(20 * 60_000);
    expect(banner(page, 'frozen')).toBeUndefined();
    await stage.pass(20 * 60_000);
    expect(banner(page, 'frozen')!.text).toBe('Binance’s open interest has not changed for 40 min');
  });

  it('more than a billion closed by force within the hour', async () => {
    const { page } = await follow('BTC-USDT', wednesday);
    const order = (time: number) =>
      JSON.stringify({
        stream: 'btcusdt@forceOrder',
        data: {
          e: 'forceOrder',
          E: time,
          o: { s: 'BTCUSDT', S: 'SELL', p: '60000', ap: '60000', z: '20000', q: '20000', T: time },
          st: 1,
        },
      });
    let sent = false;
    stage.alter = (text) => {
      if (sent || !text.includes('aggTrade')) return text;
      sent = true;
      return order(stage.replay.now());
    };
    await stage.until('the cascade', () => banner(page, 'cascade') !== undefined, 60_000);
    expect(banner(page, 'cascade')!.text).toMatch(/^\$1200M was force-closed within the hour/);
    expect(page.tick!.banners[0]!.kind).toBe('cascade');
  });

  it('funding of 0.1 % in eight hours', async () => {
    const { page } = await follow('BTC-USDT', wednesday);
    stage.alter = (text) => text.replace(/"r":"[^"]*"/, '"r":"-0.00120"');
    await stage.until('the funding', () => banner(page, 'funding') !== undefined, 60_000);
    expect(banner(page, 'funding')!.text).toBe('Funding is extreme: -0.120 % per 8 h');
  });

  it('little open interest', async () => {
    const { page } = await follow('DOGE-USDT', wednesday);
    const openInterest = page.health('binance')!.openInterestUsd!;
    expect(banner(page, 'thin') !== undefined).toBe(openInterest < 100e6);
    stage.answer = (url) =>
      url.includes('/fapi/v1/openInterest')
        ? { openInterest: '1000000', symbol: 'DOGEUSDT', time: stage.replay.now() }
        : undefined;
    await stage.until('the thin market', () => banner(page, 'thin') !== undefined, 12 * 60_000);
  });

  it('a venue that has sent nothing for a minute', async () => {
    const { page } = await follow('BTC-USDT', wednesday);
    stage.replay.setFaults([
      { kind: 'hang' },
      { kind: 'silent' },
      { kind: 'close', everyMs: 1000, forMs: 5000 },
    ]);
    await stage.until('silence', () => banner(page, 'silent') !== undefined, 180_000);
    expect(banner(page, 'silent')!.text).toMatch(/^No new data from Binance for \d+ (s|min)$/);
  });
});
