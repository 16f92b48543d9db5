import { describe, expect, it } from 'vitest';
import { foreignAt, siteAt, sites, symbolAt, titlePrice } from '../../../src/content/sites';
import * as binance from '../../../src/content/sites/binance';
import * as bingx from '../../../src/content/sites/bingx';
import * as bitget from '../../../src/content/sites/bitget';
import * as bitmex from '../../../src/content/sites/bitmex';
import * as bybit from '../../../src/content/sites/bybit';
import * as coinglass from '../../../src/content/sites/coinglass';
import * as deribit from '../../../src/content/sites/deribit';
import * as dydx from '../../../src/content/sites/dydx';
import * as gate from '../../../src/content/sites/gate';
import * as htx from '../../../src/content/sites/htx';
import * as hyperliquid from '../../../src/content/sites/hyperliquid';
import * as kraken from '../../../src/content/sites/kraken';
import * as kucoin from '../../../src/content/sites/kucoin';
import * as mexc from '../../../src/content/sites/mexc';
import * as okx from '../../../src/content/sites/okx';
import type { Example, Site } from '../../../src/content/sites/site';
import * as tradingview from '../../../src/content/sites/tradingview';

const examplesOf = new Map<Site, readonly Example[]>([
  [binance.binance, binance.examples],
  [bybit.bybit, bybit.examples],
  [okx.okx, okx.examples],
  [bitget.bitget, bitget.examples],
  [hyperliquid.hyperliquid, hyperliquid.examples],
  [tradingview.tradingview, tradingview.examples],
  [coinglass.coinglass, coinglass.examples],
  [gate.gate, gate.examples],
  [kucoin.kucoin, kucoin.examples],
  [mexc.mexc, mexc.examples],
  [htx.htx, htx.examples],
  [bingx.bingx, bingx.examples],
  [bitmex.bitmex, bitmex.examples],
  [deribit.deribit, deribit.examples],
  [dydx.dydx, dydx.examples],
  [kraken.kraken, kraken.examples],
]);
const examples = sites.flatMap((site) => examplesOf.get(site)!.map((example) => ({ site, ...example })));

describe('sites', () => {
  for (const { site, url, title = '', shows } of examples) {
    const told = shows
      ? `shows ${shows.symbol}${shows.multiplier > 1 ? ` × ${shows.multiplier}` : ''}`
      : 'shows no coin';
    it(`${site.pages[0]}: ${url} ${title} ${told}`, () => {
      const { native, ...shown } = symbolAt({ url: new URL(url), title }) ?? {};
      expect(shown).toEqual(shows ?? {});
      // The venue's own list is asked for the name as the page has it.
      expect(native === undefined).toBe(shows === undefined);
      if (native) expect(`${decodeURIComponent(url)} ${title}`).toContain(native.replace(/^spot:/, ''));
    });
  }

  it('tell the last price that stands in a title, where a chart can be converted', () => {
    const url = new URL('https://www.tradingview.com/chart/');
    const price = (title: string) => titlePrice({ url, title });
    expect(price('ETHUSDT.P 3,412.5 ▲ +1.25% Unnamed')).toBe('3,412.5');
    expect(price('ETHUSDT.P 3.412,5 ▼ −1.25% Unnamed')).toBe('3.412,5');
    expect(price('BTCUSDT ٦٤٬٠٠٠٫٥ ▲ +0.1%')).toBe('٦٤٬٠٠٠٫٥');
    expect(price('Live stock, index, futures, Forex and Bitcoin charts')).toBeUndefined();
    const venue = new URL('https://www.binance.com/en/futures/BTCUSDT');
    expect(titlePrice({ url: venue, title: '64,000.1 | BTCUSDT | Binance Futures' })).toBeUndefined();
  });

  it('claim their own addresses and no other', () => {
    for (const { site, url } of examples) {
      for (const other of sites)
        expect(siteAt(new URL(url)) === other, `${other.pages[0]} at ${url}`).toBe(other === site);
    }
  });

  it('do not claim look-alike hosts or plain HTTP', () => {
    for (const url of [
      'https://www.binance.com.evil.example/en/futures/BTCUSDT',
      'https://evilbingx.com/perpetual/BTC-USDT',
      'http://www.binance.com/en/futures/BTCUSDT',
    ]) {
      expect(symbolAt({ url: new URL(url), title: '' })).toBeUndefined();
    }
  });

  it('every site shows at least one coin and one page without', () => {
    for (const site of sites) {
      const own = examplesOf.get(site)!;
      expect(
        own.some((example) => example.shows),
        site.pages[0],
      ).toBe(true);
      expect(
        own.some((example) => !example.shows),
        site.pages[0],
      ).toBe(true);
    }
  });
});

describe('what a page shows that is no perpetual in dollars', () => {
  it.each([
    ['https://www.binance.com/en/futures/BTCUSDT_260327', 'dated'],
    ['https://www.binance.com/en/delivery/btcusd_quarter', 'dated'],
    ['https://www.bybit.com/trade/usdc/BTC-27MAR26', 'dated'],
    ['https://www.bybit.com/trade/inverse/BTCUSDH26', 'dated'],
    ['https://www.okx.com/trade-futures/btc-usdt-250328', 'dated'],
    ['https://www.bitget.com/futures/usd/BTCUSDH26', 'dated'],
    ['https://www.tradingview.com/chart/?symbol=BYBIT%3ABTCUSDTH2026', 'dated'],
    ['https://www.binance.com/en/eoptions/BTCUSDT', 'option'],
    ['https://www.bybit.com/trade/option/usdt/BTC', 'option'],
    ['https://www.okx.com/trade-option/btc-usd-241227-60000-p', 'option'],
    ['https://www.binance.com/en/trade/ETH_BTC', 'quote'],
    ['https://www.binance.com/en/trade/BTC_EUR', 'quote'],
    ['https://www.bybit.com/trade/spot/BTC/EUR', 'quote'],
    ['https://www.okx.com/trade-spot/eth-btc', 'quote'],
    ['https://www.bitget.com/spot/BTCEUR', 'quote'],
  ] as const)('is named: %s, %s', (url, kind) => {
    const clues = { url: new URL(url), title: '' };
    expect(symbolAt(clues)).toBeUndefined();
    expect(foreignAt(clues)).toBe(kind);
  });

  it.each([
    'https://www.binance.com/en/markets/overview',
    'https://www.binance.com/en/futures/home',
    'https://www.bybit.com/en/markets/overview',
    'https://www.tradingview.com/ideas/',
    'https://example.com/trade/ETH_BTC',
  ])('is nothing at %s', (url) => expect(foreignAt({ url: new URL(url), title: '' })).toBeUndefined());
});

describe('the spot market of a venue', () => {
  it.each([
    ['https://www.binance.com/en/trade/SOL_USDT', 'spot:SOL_USDT'],
    ['https://www.bybit.com/en/trade/spot/ON/USDT', 'spot:ON/USDT'],
    ['https://www.okx.com/trade-spot/sol-usdt', 'spot:sol-usdt'],
    ['https://www.bitget.com/spot/ONUSDT', 'spot:ONUSDT'],
    ['https://app.hyperliquid.xyz/trade/HYPE/USDC', 'spot:HYPE'],
    ['https://www.tradingview.com/chart/?symbol=BYBIT%3AONUSDT', 'spot:ONUSDT'],
    ['https://www.tradingview.com/chart/?symbol=BYBIT%3AONUSDT.P', 'ONUSDT.P'],
    ['https://www.bybit.com/trade/usdt/ONUSDT', 'ONUSDT'],
  ])('is told from its perpetuals: %s', (url, native) =>
    expect(symbolAt({ url: new URL(url), title: '' })?.native).toBe(native),
  );
});
