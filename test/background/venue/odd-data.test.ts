import { afterEach, describe, expect, it } from 'vitest';
import { Instruments } from '../../../src/background/venue/instruments';
import { Listing } from '../../../src/background/venue/listing';
import { hostFamilies, venueFeeds } from '../../../src/feeds';
import { binance } from '../../../src/feeds/binance';
import { bybit } from '../../../src/feeds/bybit';
import type { Venue } from '../../../src/feeds/feed';
import { Hosts } from '../../../src/feeds/net/hosts';
import { createTransport } from '../../../src/feeds/net/http';
import { MarketStage } from '../../../src/tools/market-stage';
import { type Fault, replayFetch } from '../../../src/tools/replay';

let stage: MarketStage;
let stop: AbortController;
afterEach(async () => {
  stop.abort();
  await stage.close();
});

/** Addresses of the sockets that were opened. */
let made: string[];

async function follow(venue: Venue, faults: Fault[]) {
  stage = await new MarketStage().open({ faults });
  stop = new AbortController();
  made = [];
  const Whole = stage.services.WebSocket;
  function Noted(url: string) {
    made.push(url);
    return new Whole(url);
  }
  const services = { ...stage.services, WebSocket: Noted as unknown as typeof Whole };
  const listing = new Listing('BTC-USDT', venue, services, {
    bars: () => undefined,
    trade: () => undefined,
    gap: () => undefined,
    forcedOrders: () => undefined,
  });
  void listing.run(stop.signal);
  await stage.until('the history', () => listing.complete);
  return listing;
}

describe.each(venueFeeds.map((venue) => [venue.name, venue] as const))('%s', (_name, venue) => {
  it('keeps its part of the map when one candle of each reply is impossible, and counts what is left out', async () => {
    const listing = await follow(venue, [{ kind: 'odd', as: 'tick', venue: venue.id, share: 0.7 }]);
    expect(listing.health().state).toBe('ok');
    expect(listing.usable()).toBe(true);
    const [told] = stage.services.dropped.of(venue.id);
    expect(told).toMatchObject({ reason: 'candle: high and low do not enclose open and close' });
    expect(told!.count).toBeGreaterThan(0);
  });
});

it('a stream that falls silent beside others is asked for on another connection, while the old one goes on', async () => {
  const listing = await follow(binance, []);
  await stage.pass(60_000);
  const before = made.length;
  const bars = () => listing.series.newest ?? 0;
  const newest = bars();
  const marksAsked = () => stage.requests.filter((url) => url.includes('/premiumIndex')).length;
  stage.replay.setFaults([{ kind: 'mute', venue: 'binance', text: 'markPriceUpdate' }]);
  await stage.pass(2 * 60_000);
  // Shown as what it is, and the mark is asked for meanwhile.
  expect(listing.health().feeds).toEqual([
    expect.objectContaining({
      feed: 'mark',
      state: 'late',
      reason: expect.stringMatching(
        /^Nothing from Binance for \d+ (s|min) while the rest flows; asked for anew/,
      ),
    }),
  ]);
  const marksBefore = marksAsked();
  await stage.pass(4 * 60_000);
  expect(marksAsked() - marksBefore).toBeGreaterThan(8);
  const asked = made.slice(before);
  expect(asked.length).toBeGreaterThan(1);
  // Ever more seldom, and each carries all of it.
  expect(asked.length).toBeLessThan(6);
  for (const url of asked)
    expect(url).toContain('/market/stream?streams=btcusdt@kline_5m/btcusdt@markPrice@1s');
  expect(bars()).toBeGreaterThan(newest);
  expect(listing.health().state).toBe('ok');
  stage.replay.setFaults([]);
  await stage.pass(60_000);
  expect(listing.health().feeds ?? []).toEqual([]);
});

it('a venue that refuses names the addresses that could answer in its place, were they allowed', async () => {
  stage = await new MarketStage().open({ faults: [{ kind: 'status', status: 451, venue: 'bybit' }] });
  stop = new AbortController();
  const hosts = new Hosts(hostFamilies, { clock: stage.clock, permitted: async () => false });
  const transport = createTransport({
    fetch: replayFetch(stage.replay.port),
    clock: stage.clock,
    random: () => 0.5,
    hosts,
  });
  const services = { ...stage.services, transport, hosts };
  const instruments = new Instruments(transport, stage.services.store, stage.clock);
  const listing = new Listing(
    'BTC-USDT',
    bybit,
    { ...services, instrument: (venue, symbol) => instruments.find(venue, symbol) },
    { bars: () => undefined, trade: () => undefined, gap: () => undefined, forcedOrders: () => undefined },
  );
  void listing.run(stop.signal);
  await stage.until('the refusal', () => listing.health().state === 'blocked');
  expect(listing.health().standIns).toEqual(['api.bytick.com', 'api.bybit.eu', 'api.bybit.nl']);
});
