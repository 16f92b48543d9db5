import { describe, expect, it } from 'vitest';
import { venueFeeds } from '../../src/feeds';
import type { Instrument } from '../../src/feeds/feed';
import type { VenueId } from '../../src/venues';
import { foreignContract, marketOn, spotName } from '../../src/venues/symbols';
import { fixture } from '../feeds/fixture';

/** What stands, or could stand, in the venues' lists beside perpetuals of coins: as recorded, with what each is taken for. */

const others = fixture('.', 'other-contracts') as Record<VenueId, Row[]>;
// biome-ignore lint/suspicious/noExplicitAny: rows are foreign data.
type Row = any;

const recorded: Record<VenueId, [name: string, rows: (reply: Row) => Row[]]> = {
  binance: ['exchangeInfo', ({ symbols }) => symbols],
  bybit: ['instruments', ({ result }) => result.list],
  okx: ['instruments', ({ data }) => data],
  bitget: ['v3-instruments', ({ data }) => data],
  hyperliquid: ['metaAndAssetCtxs', ([{ universe }]) => universe],
};

/** The venue's recorded list, with more rows in it. */
function listOf(id: VenueId, more: Row[]): Instrument[] {
  const [name, rowsOf] = recorded[id];
  const reply = fixture(id, name);
  rowsOf(reply).push(...more);
  return venueFeeds
    .find((venue) => venue.id === id)!
    .instruments()[0]!
    .parse(reply, 1_700_000_000_000);
}

describe.each(venueFeeds.map(({ id }) => id))('the list of %s', (id) => {
  const more = others[id].map(({ is: _, ...row }: Row) => row);
  const named = others[id].flatMap(({ is }: Row) => is ?? []);

  it('takes no other contract for a coin, and what it keeps of them by its kind', () => {
    const before = listOf(id, []);
    const after = listOf(id, more);
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.slice(before.length).map(({ symbol }) => symbol)).toEqual(named);
  });

  it('means its own market by every native name, and never a share by a coin’s pair on the spot market', () => {
    const list = listOf(id, more);
    for (const { native, symbol, multiplier, kind } of list) {
      for (const written of [native, native.toLowerCase()])
        expect(marketOn(list, written), written).toEqual({ symbol, multiplier });
      if (kind) expect(marketOn(list, spotName(native))?.symbol, native).not.toBe(symbol);
    }
  });
});

describe('a contract margined in the coin', () => {
  it.each([
    ['binance', 'BTCUSD_PERP'],
    ['bybit', 'BTCUSD'],
    ['okx', 'btc-usd-swap'],
    ['bitget', 'BTCUSD'],
  ] as const)('%s %s is the coin where the list has it, and nothing listed where it has not', (id, name) => {
    const list = listOf(
      id,
      others[id].map(({ is: _, ...row }: Row) => row),
    );
    expect(marketOn(list, name)).toEqual({ symbol: 'BTC-USDT', multiplier: 1 });
    const without = list.filter(({ symbol }) => symbol !== 'BTC-USDT');
    const found = marketOn(without, name);
    expect(without.some(({ symbol }) => symbol === found?.symbol)).toBe(false);
  });
});

describe('a name of another contract', () => {
  it.each([
    ['BTCUSDT_260327', 'dated'],
    ['BTC-27MAR26', 'dated'],
    ['BTC-USDT-250328', 'dated'],
    ['BTCUSDH26', 'dated'],
    ['BTCUSDTH2026', 'dated'],
    ['btcusd_quarter', 'dated'],
    ['BTC1!', 'dated'],
    ['BTC-27MAR26-100000-C', 'option'],
    ['BTC-27MAR26-100000-C-USDT', 'option'],
    ['BTC-USD-241227-60000-P', 'option'],
    ['ETHBTC', 'quote'],
    ['BTC_EUR', 'quote'],
    ['ETH/BTC', 'quote'],
    ['BTCUSDT', undefined],
    ['1000PEPEUSDT', undefined],
    ['BTC-USDT-SWAP', undefined],
    ['USDCUSDT', undefined],
    ['BTCUSDC', undefined],
    ['币安人生USDT', undefined],
    ['xyz:NVDA', undefined],
    ['', undefined],
  ] as const)('%s is %s', (name, kind) => expect(foreignContract(name)).toBe(kind));
});
