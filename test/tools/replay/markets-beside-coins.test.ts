import { HttpTransport, InfoClient } from '@nktkas/hyperliquid';
import { RestClientV3 } from 'bitget-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { venueFeeds } from '../../../src/feeds';
import { type Instrument, reachOf, type Venue } from '../../../src/feeds/feed';
import { listInstruments } from '../../../src/feeds/instrument';
import { createTransport, type Transport } from '../../../src/feeds/net/http';
import { systemClock } from '../../../src/feeds/net/pacing';
import { createReplay, type ReplayExchange, replayAgent, replayFetch } from '../../../src/tools/replay';

/** Shares beside coins, books that reach, and the third version of Bitget, read by our feeds and by other clients. */

let replay: ReplayExchange;
let transport: Transport;
const list = (venue: Venue) => listInstruments(venue, (call) => transport.run(venue, call));
const pick = async (venue: Venue, symbol: string): Promise<Instrument> =>
  (await list(venue)).find((each) => each.symbol === symbol)!;

beforeAll(async () => {
  replay = await createReplay({ shares: true });
  transport = createTransport({
    fetch: replayFetch(replay.port),
    clock: systemClock,
    random: Math.random,
    headroom: 1,
  });
});
afterAll(() => replay.close());

describe.each(venueFeeds.map((venue) => [venue.name, venue] as const))('%s', (_name, venue) => {
  const symbol = venue.id === 'hyperliquid' ? 'xyz:NVDA-USDT' : 'stock:NVDA-USDT';

  it('lists a share as one, and serves it under its own name', async () => {
    const all = await list(venue);
    expect(all.some((each) => each.symbol === 'NVDA-USDT')).toBe(false);
    const share = all.find((each) => each.symbol === symbol)!;
    expect(share.kind).toBe(venue.id === 'hyperliquid' ? 'thirdParty' : 'stock');
    const market = replay.market(venue.id, 'NVDA');
    const mark = await transport.run(venue, venue.mark(share));
    expect(mark.mark / market.mark(replay.now())).toBeCloseTo(1, 2);
    const bars = await transport.run(venue, venue.candles(share, '5m', undefined, 50));
    expect(bars).toHaveLength(50);
  });

  it('tells a book with how far it reaches', async () => {
    const bitcoin = await pick(venue, 'BTC-USDT');
    const { mark } = await transport.run(venue, venue.mark(bitcoin));
    const book = await transport.run(venue, venue.book(bitcoin, mark));
    for (const [side, sign] of [
      [book.bids, -1],
      [book.asks, 1],
    ] as const) {
      const away = side.map(([at]) => sign * at);
      expect(away).toEqual([...away].sort((a, b) => a - b));
      expect(side.every(([, base]) => base > 0)).toBe(true);
    }
    expect(reachOf(book)).toBeGreaterThan(0.02);
  });
});

it('the official client of Bitget reads the same of the third version', async () => {
  const client = new RestClientV3({}, { httpsAgent: replayAgent(replay.port) });
  const bitget = venueFeeds.find(({ id }) => id === 'bitget')!;
  const { data } = await client.getInstruments({ category: 'USDT-FUTURES' });
  const stocks = data.filter(({ isRwa }) => isRwa === 'YES').map(({ symbol }) => symbol);
  const ours = (await list(bitget)).filter(({ kind }) => kind).map(({ native }) => native);
  expect(stocks).toEqual(ours);
  const tiers = await client.getPositionTier({ category: 'USDT-FUTURES', symbol: 'BTCUSDT' });
  const own = await transport.run(bitget, bitget.tiers(await pick(bitget, 'BTC-USDT'), 1));
  expect(tiers.data.map(({ maxTierValue, mmr }) => [Number(maxTierValue), Number(mmr)])).toEqual(
    own.map(({ cap, maintenanceRate }) => [cap, maintenanceRate]),
  );
  const ratio = await client.getFuturesAccountLongShort({ symbol: 'BTCUSDT', period: '1h' });
  expect(Number(ratio.data[0]!.longAccountRatio)).toBeLessThan(1);
});

it('the typed client of Hyperliquid reads merged books and the markets of third parties', async () => {
  const info = new InfoClient({
    transport: new HttpTransport({ apiUrl: `http://127.0.0.1:${replay.port}` }),
  });
  const metas = await info.allPerpMetas();
  expect(metas[1]!.universe.map(({ name }) => name)).toEqual(['xyz:NVDA']);
  const [, contexts] = await info.metaAndAssetCtxs({ dex: 'xyz' });
  expect(contexts).toHaveLength(1);
  const [fine, coarse] = await Promise.all([
    info.l2Book({ coin: 'BTC' }),
    info.l2Book({ coin: 'BTC', nSigFigs: 3 }),
  ]);
  const span = (book: typeof fine) => Number(book!.levels[1][19]!.px) / Number(book!.levels[0][19]!.px) - 1;
  expect(span(coarse)).toBeGreaterThan(20 * span(fine));
  expect(await info.l2Book({ coin: 'xyz:NVDA' })).toMatchObject({ coin: 'xyz:NVDA' });
});
