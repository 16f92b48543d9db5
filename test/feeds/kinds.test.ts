import { describe, expect, it } from 'vitest';
import { venueFeeds } from '../../src/feeds';
import type { Instrument, Venue } from '../../src/feeds/feed';
import { fixture } from './fixture';

/** What stands in a venue's list beside coins, under letters that a coin may have as well. */

const now = 1_700_000_000_000;
const [binance, bybit, okx, bitget, hyperliquid] = venueFeeds as [Venue, Venue, Venue, Venue, Venue];

// biome-ignore lint/suspicious/noExplicitAny: payloads are foreign data that tests change at will.
type Row = any;

/** The list of a venue with a row added that is like its first one. */
function listed(venue: Venue, name: string, at: (reply: Row) => Row[], row: Row): Instrument[] {
  const reply = fixture(venue.id, name);
  const rows = at(reply);
  rows.push({ ...rows[0], ...row });
  return venue.instruments()[0]!.parse(reply, now);
}

const shares: [venue: string, list: () => Instrument[]][] = [
  [
    'Binance',
    () =>
      listed(binance, 'exchangeInfo', ({ symbols }) => symbols, {
        symbol: 'CATUSDT',
        baseAsset: 'CAT',
        contractType: 'TRADIFI_PERPETUAL',
        underlyingType: 'EQUITY',
      }),
  ],
  [
    'Bybit',
    () =>
      listed(bybit, 'instruments', ({ result }) => result.list, {
        symbol: 'CATUSDT',
        baseCoin: 'CAT',
        symbolType: 'stock',
      }),
  ],
  [
    'OKX',
    () =>
      listed(okx, 'instruments', ({ data }) => data, {
        instId: 'CAT-USDT-SWAP',
        instFamily: 'CAT-USDT',
        uly: 'CAT-USDT',
        instCategory: '3',
      }),
  ],
  [
    'Bitget',
    () =>
      listed(bitget, 'v3-instruments', ({ data }) => data, {
        symbol: 'CATUSDT',
        baseCoin: 'CAT',
        symbolType: 'stock',
        isRwa: 'YES',
      }),
  ],
  [
    'Bitget, where it tells no type',
    () =>
      listed(bitget, 'v3-instruments', ({ data }) => data, {
        symbol: 'CATUSDT',
        baseCoin: 'CAT',
        symbolType: undefined,
        isRwa: 'YES',
      }),
  ],
  [
    'Bitget v2',
    () => {
      const reply = fixture('bitget', 'contracts');
      reply.data.push({ ...reply.data[0], symbol: 'CATUSDT', baseCoin: 'CAT', isRwa: 'YES' });
      return bitget.instruments()[0]!.otherwise!.parse(reply, now);
    },
  ],
];

describe('a share under the letters of a coin', () => {
  it.each(shares)('is no coin on %s, and the coins beside it stay', (_name, list) => {
    const instruments = list();
    expect(instruments.some(({ symbol }) => symbol === 'BTC-USDT')).toBe(true);
    expect(instruments.some(({ symbol }) => symbol === 'CAT-USDT')).toBe(false);
    for (const each of instruments.filter(({ native }) => native.startsWith('CAT')))
      expect(each).toMatchObject({ symbol: 'stock:CAT-USDT', kind: 'stock' });
  });

  it('has a name of its own where only the kind is strange', () => {
    const strange = listed(bybit, 'instruments', ({ result }) => result.list, {
      symbol: 'CATUSDT',
      baseCoin: 'CAT',
      symbolType: 'weather',
    });
    expect(strange.some(({ symbol }) => symbol === 'CAT-USDT')).toBe(false);
  });
});

describe('a market that a third party runs on Hyperliquid', () => {
  const coin = { szDecimals: 2, maxLeverage: 20, marginTableId: 20 };
  const metas = [
    {
      universe: [
        { ...coin, name: 'BTC' },
        { ...coin, name: 'kPEPE' },
      ],
    },
    {
      universe: [
        { ...coin, name: 'xyz:NVDA' },
        { ...coin, name: 'xyz:BTC' },
        { ...coin, name: 'xyz:OLD', isDelisted: true },
      ],
    },
    { universe: 'odd' },
  ];
  const [main, others] = hyperliquid.instruments();

  it('comes with the list of all dexes, and is never the coin of its letters', () => {
    expect(JSON.parse(others!.body!)).toEqual({ type: 'allPerpMetas' });
    const list = others!.parse(metas, now);
    expect(list.map(({ native }) => native)).not.toContain('BTC');
    expect(list.every(({ kind, symbol }) => kind === 'thirdParty' && symbol.startsWith('xyz:'))).toBe(true);
    expect(main!.parse([metas[0], []], now).map(({ symbol }) => symbol)).toEqual(['BTC-USDT', 'PEPE-USDT']);
  });

  it('is asked for with its dex', () => {
    const share: Instrument = {
      symbol: 'xyz:NVDA-USDT',
      native: 'xyz:NVDA',
      kind: 'thirdParty',
      multiplier: 1,
      contractSize: 1,
      tickSize: 0.0001,
      maxLeverage: 20,
    };
    const bodies = [hyperliquid.mark(share), hyperliquid.openInterest(share), hyperliquid.tiers(share, 1)];
    for (const { body } of bodies)
      expect(JSON.parse(body!)).toEqual({ type: 'metaAndAssetCtxs', dex: 'xyz' });
    expect(JSON.parse(hyperliquid.book(share).body!)).toEqual({ type: 'l2Book', coin: 'xyz:NVDA' });
    const context = fixture('hyperliquid', 'metaAndAssetCtxs')[1][0];
    const reply = [metas[1], [context, context, context]];
    expect(hyperliquid.mark(share).parse(reply, now).mark).toBeGreaterThan(0);
  });
});

describe('fundings that settle beside the schedule', () => {
  it('are left out on Binance', () => {
    const at = (time: number, rateType?: string | null) => ({
      symbol: 'BTCUSDT',
      fundingRate: '0.0001',
      fundingTime: time,
      ...(rateType !== undefined && { rateType }),
    });
    const rows = [
      at(1_700_000_000_000),
      at(1_700_000_000_001, 'Regular'),
      at(1_700_000_000_002, 'Special'),
      at(1_700_000_000_003, null),
    ];
    const list = binance.funding(
      binance.instruments()[0]!.parse(fixture('binance', 'exchangeInfo'), now)[0]!,
      { from: 0 },
    );
    expect(list.parse(rows, now).map(({ time }) => time % 10)).toEqual([0, 1, 3]);
  });
});
