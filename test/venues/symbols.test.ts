import { describe, expect, it } from 'vitest';
import { venueFeeds as feeds } from '../../src/feeds';
import type { Instrument } from '../../src/feeds/feed';
import type { VenueId } from '../../src/venues';
import {
  marketNamed,
  marketOfCoin,
  marketOfPair,
  marketOn,
  splitMultiplier,
  titledSymbol,
  typedSymbol,
  withoutClashes,
} from '../../src/venues/symbols';
import { coin, fixture } from '../feeds/fixture';

/** How each venue words a listing of a base in its own list, beside the first row of the recorded one. */
const lists: Record<VenueId, (bases: string[]) => unknown> = {
  binance: (bases) => {
    const list = fixture('binance', 'exchangeInfo');
    const [row] = list.symbols;
    return { ...list, symbols: bases.map((base) => ({ ...row, symbol: `${base}USDT`, baseAsset: base })) };
  },
  bybit: (bases) => {
    const list = fixture('bybit', 'instruments');
    const [row] = list.result.list;
    const rows = bases.map((base) => ({ ...row, symbol: `${base}USDT`, baseCoin: base }));
    return { ...list, result: { ...list.result, list: rows } };
  },
  okx: (bases) => {
    const list = fixture('okx', 'instruments');
    const [row] = list.data;
    const rows = bases.map((base) => ({
      ...row,
      instId: `${base}-USDT-SWAP`,
      uly: `${base}-USDT`,
      instFamily: `${base}-USDT`,
    }));
    return { ...list, data: rows };
  },
  bitget: (bases) => {
    const list = fixture('bitget', 'v3-instruments');
    const [row] = list.data;
    return { ...list, data: bases.map((base) => ({ ...row, symbol: `${base}USDT`, baseCoin: base })) };
  },
  hyperliquid: (bases) => {
    const [meta, contexts] = fixture('hyperliquid', 'metaAndAssetCtxs');
    const [row] = meta.universe;
    return [{ ...meta, universe: bases.map((name) => ({ ...row, name })) }, bases.map(() => contexts[0])];
  },
};

/** What a venue that lists these bases is read to list. */
function listOf(id: VenueId, bases: string[]): Instrument[] {
  const [call] = feeds.find((venue) => venue.id === id)!.instruments();
  const list = call!.parse(lists[id](bases), 1_700_000_000_000);
  expect(list).toHaveLength(bases.length);
  return list;
}

const listed: Record<VenueId, Instrument[]> = {
  binance: listOf('binance', [
    'BTC',
    'BNB',
    'AR',
    'ARB',
    'SHIB',
    '1000PEPE',
    '1MBABYDOGE',
    '1INCH',
    'KAS',
    '币安人生',
    '1000X',
    'X',
  ]),
  bybit: listOf('bybit', [
    'BTC',
    'SHIB1000',
    '1000PEPE',
    '100000MOG',
    '10000000AIDOGE',
    '1000NEIROCTO',
    'NEIROETH',
  ]),
  okx: listOf('okx', ['BTC', 'PEPE', 'SHIB', 'ARB', 'NEIRO']),
  bitget: listOf('bitget', ['BTC', 'PEPE', '1000BONK', 'CAT']),
  hyperliquid: listOf('hyperliquid', ['BTC', 'kPEPE', 'KAS', 'kBONK', 'HYPE']),
};

describe('a name by itself', () => {
  it.each([
    // Coins that end in B, in pairs with plain dollars.
    ['BNBUSD', 'BNB-USDT', 1],
    ['ARBUSD', 'ARB-USDT', 1],
    ['SHIBUSD', 'SHIB-USDT', 1],
    ['TRBUSDM', 'TRB-USDT', 1],
    ['BNBUSD_PERP', 'BNB-USDT', 1],
    ['ARB-USD-SWAP', 'ARB-USDT', 1],
    ['BTC_BUSD', 'BTC-USDT', 1],
    ['BTC/BUSD', 'BTC-USDT', 1],
    // Dollars of other kinds.
    ['BTCFDUSD', 'BTC-USDT', 1],
    ['BTC_FDUSD', 'BTC-USDT', 1],
    ['ETHUSDE', 'ETH-USDT', 1],
    ['USDCUSDT', 'USDC-USDT', 1],
    ['FDUSDUSDT', 'FDUSD-USDT', 1],
    // Lots.
    ['1000PEPEUSDT.P', 'PEPE-USDT', 1000],
    ['10000SATSUSDT', 'SATS-USDT', 10_000],
    ['100000MOGUSDT', 'MOG-USDT', 100_000],
    ['1000000MOGUSDT', 'MOG-USDT', 1_000_000],
    ['10000000AIDOGEUSDT', 'AIDOGE-USDT', 10_000_000],
    ['1MBABYDOGEUSDT', 'BABYDOGE-USDT', 1_000_000],
    ['SHIB1000USDT', 'SHIB-USDT', 1000],
    ['1INCHUSDT', '1INCH-USDT', 1],
    ['0GUSDT', '0G-USDT', 1],
    // Forms.
    ['btc-usdt-swap', 'BTC-USDT', 1],
    ['BTC_USDT', 'BTC-USDT', 1],
    ['BTC/USDT:USDT', 'BTC-USDT', 1],
    ['ETH USDT', 'ETH-USDT', 1],
    ['XBTUSDTM', 'BTC-USDT', 1],
    ['XBTUSD', 'BTC-USDT', 1],
    ['PF_XBTUSD', 'BTC-USDT', 1],
    ['PI_ETHUSD', 'ETH-USDT', 1],
    ['futures-eth-usd-perp', 'ETH-USDT', 1],
    ['BTC-PERPETUAL', 'BTC-USDT', 1],
    ['ETHPERP', 'ETH-USDT', 1],
    ['SOL_USDC-PERPETUAL', 'SOL-USDT', 1],
    ['PERPUSDT', 'PERP-USDT', 1],
    ['SUPERUSDT', 'SUPER-USDT', 1],
    // Coin-margined.
    ['BTCUSD_PERP', 'BTC-USDT', 1],
    ['BTCUSD', 'BTC-USDT', 1],
    ['BTCUSD_DMCBL', 'BTC-USDT', 1],
    // Letters without case.
    ['币安人生USDT', '币安人生-USDT', 1],
    ['币安人生_USDT', '币安人生-USDT', 1],
  ])('%s is %s × %d', (name, symbol, multiplier) => {
    expect(marketOfPair(name)).toEqual({ symbol, multiplier });
  });

  it.each([
    'BTCUSDT_260327',
    'BTCUSDH26',
    'BTCUSDTH2026',
    'BTC-27MAR26',
    'BTC-USDT-250328',
    'BTC1!',
    'btcusd_quarter',
    'XBTMH26',
    'FI_XBTUSD_260327',
    'BTC-EUR',
    'ETHBTC',
    'BTC',
    'xyz:NVDA',
    'xyz:NVDA-USD',
    'XYZ:NVDAUSDC',
    'USDT',
    '-USDT',
    '',
    '../ethusdt',
    'A'.repeat(40),
  ])('%s is no pair', (name) => {
    expect(marketOfPair(name)).toBeUndefined();
  });

  it.each([
    ['BTC', 'BTC-USDT', 1],
    ['kPEPE', 'PEPE-USDT', 1000],
    ['KAS', 'KAS-USDT', 1],
    ['kas', 'KAS-USDT', 1],
    ['HYPE', 'HYPE-USDT', 1],
  ])('the coin %s is %s × %d', (name, symbol, multiplier) => {
    expect(marketOfCoin(name)).toEqual({ symbol, multiplier });
  });

  it.each(['xyz:NVDA', '@107', 'USDT', 'USD', '', 'BTC-27MAR26', '<b>'])('%s is no coin', (name) => {
    expect(marketOfCoin(name)).toBeUndefined();
  });

  it.each([
    ['BTC', 'BTC', 1],
    ['1000', '1000', 1],
    ['1000000MOG', 'MOG', 1_000_000],
    ['SHIB1000', 'SHIB', 1000],
    ['kPEPE', 'PEPE', 1000],
    ['1INCH', '1INCH', 1],
  ])('the base %s is %s × %d', (base, name, multiplier) => {
    expect(splitMultiplier(base)).toEqual({ coin: name, multiplier });
  });
});

describe('a name on a page of a venue', () => {
  const cases: [VenueId, string, string, number][] = [
    ['binance', 'BTCUSDT', 'BTC-USDT', 1],
    ['binance', 'btcusd_perp', 'BTC-USDT', 1],
    ['binance', 'ARBUSD', 'ARB-USDT', 1],
    ['binance', '1000PEPEUSDT.P', 'PEPE-USDT', 1000],
    ['binance', '币安人生USDT', '币安人生-USDT', 1],
    ['binance', '1INCH_USDT', '1INCH-USDT', 1],
    // Both X and 1000X are listed: each is its own.
    ['binance', '1000XUSDT', '1000X-USDT', 1],
    ['binance', '1000xusdt', '1000X-USDT', 1],
    ['binance', 'XUSDT', 'X-USDT', 1],
    ['bybit', 'SHIB1000USDT', 'SHIB-USDT', 1000],
    ['bybit', '100000MOGUSDT', 'MOG-USDT', 100_000],
    ['bybit', '10000000AIDOGEUSDT.P', 'AIDOGE-USDT', 10_000_000],
    ['bybit', 'PEPEUSDT', 'PEPE-USDT', 1],
    ['bybit', '1000NEIROCTOUSDT', 'NEIROCTO-USDT', 1000],
    ['bybit', 'XBTUSDT', 'BTC-USDT', 1],
    ['okx', 'pepe-usdt-swap', 'PEPE-USDT', 1],
    ['okx', 'PEPEUSDT.P', 'PEPE-USDT', 1],
    ['okx', 'arb-usd-swap', 'ARB-USDT', 1],
    // OKX lists PEPE as it is: a thousand of it would be another asset there.
    ['okx', '1000PEPEUSDT', '1000PEPE-USDT', 1],
    ['bitget', '1000BONKUSDT', 'BONK-USDT', 1000],
    ['bitget', '1000CATUSDT', '1000CAT-USDT', 1],
    // TradingView writes kPEPE in capitals.
    ['hyperliquid', 'KPEPEUSDC.P', 'PEPE-USDT', 1000],
    ['hyperliquid', 'KBONKUSDC.P', 'BONK-USDT', 1000],
    ['hyperliquid', 'KASUSDC.P', 'KAS-USDT', 1],
    ['hyperliquid', 'kPEPE', 'PEPE-USDT', 1000],
    ['hyperliquid', 'BTC', 'BTC-USDT', 1],
    // Not on the list: what the name means by itself.
    ['hyperliquid', 'NEWUSDC.P', 'NEW-USDT', 1],
  ];
  it.each(cases)('%s shows %s: %s × %d', (id, name, symbol, multiplier) => {
    expect(marketOn(listed[id], name)).toEqual({ symbol, multiplier });
  });

  it('means its own instrument for every native name of every list', () => {
    for (const list of Object.values(listed)) {
      for (const { native, symbol, multiplier } of list) {
        for (const written of [native, native.toLowerCase()])
          expect(marketOn(list, written), written).toEqual({ symbol, multiplier });
      }
    }
  });

  it('is no market of ours on markets of other dexes, or where it means nothing', () => {
    expect(marketOn(listed.hyperliquid, 'xyz:NVDA')).toBeUndefined();
    expect(marketOn(listed.binance, '')).toBeUndefined();
    expect(marketOn(listed.binance, 'BTCUSDT_260327')).toBeUndefined();
  });
});

describe('withoutClashes', () => {
  it('gives the coin’s name to the plain listing and its own name and ticks to the thousands beside it', () => {
    const list = [
      coin('1000XUSDT', 'X-USDT', { multiplier: 1000, tickSize: 1e-6 }),
      coin('XUSDT', 'X-USDT', { tickSize: 1e-3 }),
    ];
    expect(withoutClashes(list)).toMatchObject([
      { native: '1000XUSDT', symbol: '1000X-USDT', multiplier: 1, tickSize: 1e-3 },
      { native: 'XUSDT', symbol: 'X-USDT', multiplier: 1, tickSize: 1e-3 },
    ]);
  });

  it('names thousands of every venue’s spelling', () => {
    const names = (id: VenueId, bases: string[]) => listOf(id, bases).map(({ symbol }) => symbol);
    expect(names('bybit', ['X', '1000X'])).toEqual(['X-USDT', '1000X-USDT']);
    expect(names('okx', ['1000X', 'X'])).toEqual(['1000X-USDT', 'X-USDT']);
    expect(names('hyperliquid', ['kXY', 'XY'])).toEqual(['1000XY-USDT', 'XY-USDT']);
  });

  it('leaves out what is no name', () => {
    expect(withoutClashes([coin('A/BUSDT', 'A/B-USDT'), coin('AUSDT', 'A-USDT')])).toHaveLength(1);
  });
});

describe('a typed symbol', () => {
  it.each([
    ['btc', 'BTC-USDT'],
    [' BTCUSDT ', 'BTC-USDT'],
    ['BTCUSDT.P', 'BTC-USDT'],
    ['eth/usdc', 'ETH-USDT'],
    ['sol-usd', 'SOL-USDT'],
    ['bnbusd', 'BNB-USDT'],
    ['1000pepe_usdt', '1000PEPE-USDT'],
    ['BTC-USDT', 'BTC-USDT'],
    ['币安人生', '币安人生-USDT'],
  ])('%s is %s', (typed, symbol) => expect(typedSymbol(typed)).toBe(symbol));

  it.each(['', ' ', 'no coin!', '<b>', 'A'.repeat(40), 'xyz:NVDA', '../eth'])('%j is none', (typed) =>
    expect(typedSymbol(typed)).toBeUndefined(),
  );

  it.each([
    ['ETH', 'ETH-USDT'],
    ['ETHUSDT', 'ETH-USDT'],
    ['eth-usd', 'ETH-USDT'],
    ['1000PEPE', 'PEPE-USDT'],
    ['1INCH', '1INCH-USDT'],
  ])('%s names the market %s', (name, symbol) => expect(marketNamed(name)?.symbol).toBe(symbol));
});

describe('a page title', () => {
  it.each([
    ['BTC/USDT 97,123.4 – Some charts', 'BTC-USDT'],
    ['97,123 | ETHUSDT Perpetual', 'ETH-USDT'],
    ['Trade SOL-USD', 'SOL-USDT'],
    ['612.5 BNBUSD | Some Exchange', 'BNB-USDT'],
  ])('%s names %s', (title, symbol) => expect(titledSymbol(title)).toBe(symbol));

  it.each(['', 'Some charts', 'USDT markets', 'Deposit in USD', 'perp trading'])('%j names none', (title) =>
    expect(titledSymbol(title)).toBeUndefined(),
  );
});
