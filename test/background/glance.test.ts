import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PagePorts } from '../../src/background/page-ports';
import { venueFeeds } from '../../src/feeds';
import { defaultSettings } from '../../src/protocol/settings';
import { MarketStage } from '../../src/tools/market-stage';

/** What looking at markets costs while no chart is open. */

const symbols = ['BTC-USDT', 'ETH-USDT', 'SOL-USDT'];
const minuteMs = 60_000;
/** Part of what a venue allows. */
const mostShare = 0.02;

describe('looks at two of three markets a minute, with no chart open', () => {
  let stage: MarketStage;
  let ports: PagePorts;
  let looks = 0;

  beforeAll(async () => {
    stage = await new MarketStage().open();
    ports = new PagePorts(venueFeeds, stage.services, Promise.resolve(defaultSettings), async () => true);
  });
  afterAll(() => stage.close());

  async function look(symbol: string) {
    let seen: Awaited<ReturnType<PagePorts['glance']>> | null = null;
    void ports.glance(symbol).then((glance) => {
      seen = glance;
    });
    await stage.until(`a look at ${symbol}`, () => seen !== null);
    if (seen) looks++;
  }

  /** Largest part of each pool's limit that was asked for within any minute, by venue and pool. */
  function shares(from: number) {
    const records = stage.records.filter(({ time }) => time >= from);
    return venueFeeds.flatMap((venue) =>
      Object.entries(venue.pools).map(([pool, { limit, perMs }]) => {
        const own = records.filter((record) => record.venue === venue.id && record.pool === pool);
        const windowMs = Math.max(minuteMs, perMs);
        const spent = own.map(({ time }) =>
          own
            .filter((other) => other.time >= time && other.time < time + windowMs)
            .reduce((sum, { weight }) => sum + weight, 0),
        );
        return { venue: venue.id, pool, share: Math.max(0, ...spent) / (limit * (windowMs / perMs)) };
      }),
    );
  }

  it('asks the leading venue alone for no more than a fiftieth of any limit, from the first look on', async () => {
    const from = stage.clock.now();
    // The first look at each loads its past.
    for (const symbol of symbols) {
      await look(symbol);
      await stage.pass(minuteMs);
    }
    for (let minute = 0; minute < 8; minute++) {
      const begun = stage.clock.now();
      for (const k of [0, 1]) await look(symbols[(2 * minute + k) % symbols.length]!);
      await stage.pass(Math.max(0, begun + minuteMs - stage.clock.now()));
    }
    const asked = shares(from);
    expect(looks).toBe(symbols.length + 16);
    // The website's page of margins is asked for once a market: that pool's limit is our guess, and a page is a tenth of it.
    const pages = stage.records.filter(({ pool }) => pool === 'website');
    expect(pages).toHaveLength(symbols.length);
    expect(asked.filter(({ pool, share }) => pool !== 'website' && share > mostShare)).toEqual([]);
    const used = asked.filter(({ share }) => share > 0).map(({ venue }) => venue);
    expect([...new Set(used)]).toEqual(['binance']);
  });
});
