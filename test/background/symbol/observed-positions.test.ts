import { afterEach, describe, expect, it, vi } from 'vitest';
import { MarketStage, StagePage } from '../../../src/tools/market-stage';

let stage: MarketStage;
afterEach(() => stage?.close());

class CuriousPage extends StagePage {
  readonly observed = true;
}

describe('the observed layer', () => {
  it('shows where real accounts would be liquidated, beside the estimate and never in it', async () => {
    stage = await new MarketStage().open();
    stage.allowsList = true;
    const market = stage.market('BTC-USDT', ['binance', 'hyperliquid']);
    const curious = new CuriousPage('binance');
    const plain = new StagePage('binance');
    market.watch(curious);
    market.watch(plain);
    await stage.until('observed accounts', () => curious.map?.observed?.distances !== undefined, 240_000);
    const { observed, long, short, lnLow, step, price } = curious.map!;
    expect(observed).toMatchObject({ venue: 'hyperliquid' });
    expect(observed!.coverage).toBeGreaterThan(0);
    expect(observed!.coverage).toBeLessThanOrEqual(1);
    const at = (Math.log(price) - lnLow) / step;
    for (const [band, usd] of observed!.long) {
      expect(band).toBeLessThanOrEqual(at + 1);
      expect(usd).toBeGreaterThanOrEqual(0);
    }
    for (const [band] of observed!.short) expect(band).toBeGreaterThanOrEqual(Math.floor(at) - 1);
    const { distances, askable } = observed!;
    expect(askable).toBeUndefined();
    expect(distances!.step).toBe(0.01);
    expect(distances!.positions).toBeGreaterThanOrEqual(30);
    expect(distances!.shares.reduce((sum, share) => sum + share, distances!.beyond)).toBeCloseTo(1, 9);
    // The page that did not ask has the same estimate, and nothing observed.
    expect(plain.map!.observed).toBeUndefined();
    expect(plain.map!.long).toEqual(long);
    expect(plain.map!.short).toEqual(short);
    // How much of the venue has been seen is told in words.
    expect(curious.tick!.facts).toContainEqual([
      'Observed on Hyperliquid',
      `${observed!.accounts} accounts, ${(100 * observed!.coverage).toFixed(1)} % of open interest`,
    ]);
    market.stop();
  });

  it('stops asking once no page wants it any more, or its venue is off', async () => {
    stage = await new MarketStage().open();
    const run = vi.spyOn(stage.services.transport, 'run');
    const asked = () =>
      run.mock.calls.filter(([, { body = '' }]) => body.includes('clearinghouseState')).length;
    const market = stage.market('BTC-USDT', ['binance', 'hyperliquid']);
    for (const leave of [
      (page: StagePage) => {
        market.unwatch(page);
        market.watch(new StagePage('binance'));
      },
      () => market.setVenues(new Set(['binance'])),
    ]) {
      market.setVenues(new Set(['binance', 'hyperliquid']));
      const page = new CuriousPage('binance');
      market.watch(page);
      const before = asked();
      await stage.until('accounts asked for', () => asked() > before + 2, 240_000);
      leave(page);
      await stage.pass(1000);
      const then = asked();
      await stage.pass(20_000);
      expect(asked()).toBe(then);
    }
    market.stop();
  });

  it('asks for no account while no page wants it', async () => {
    stage = await new MarketStage().open();
    const run = vi.spyOn(stage.services.transport, 'run');
    const market = stage.market('BTC-USDT', ['hyperliquid']);
    const page = new StagePage();
    market.watch(page);
    await stage.until('a map', () => page.map?.provisional === false);
    await stage.pass(20_000);
    const bodies = run.mock.calls.map(([, { body = '' }]) => body);
    expect(bodies.some((body) => body.includes('l2Book'))).toBe(true);
    expect(bodies.filter((body) => body.includes('clearinghouseState'))).toEqual([]);
    market.stop();
  });
});
