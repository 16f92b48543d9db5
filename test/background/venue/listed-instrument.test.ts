import { beforeEach, describe, expect, it } from 'vitest';
import { ListedInstrument } from '../../../src/background/venue/listed-instrument';
import { FeedError, type Instrument } from '../../../src/feeds/feed';
import { okx } from '../../../src/feeds/okx';
import { coin } from '../../feeds/fixture';

/** Contracts change their size, and markets end, while they are followed: the venue's list is asked for again. */

const minute = 60_000;
const before = coin('BTC-USDT-SWAP', 'BTC-USDT', { contractSize: 0.01 });
const signal = new AbortController().signal;

describe('the venue’s own word of a market that is followed', () => {
  let now: number;
  let listed: Instrument | undefined;
  let asked: number[];
  let refuses: boolean;
  let market: ListedInstrument;

  beforeEach(async () => {
    now = 1_700_000_000_000;
    listed = before;
    asked = [];
    refuses = false;
    market = new ListedInstrument('BTC-USDT', okx, {
      clock: { now: () => now, after: () => () => undefined },
      instrument: async (_venue, _symbol, _signal, maxAgeMs) => {
        asked.push(maxAgeMs!);
        if (refuses) throw new FeedError('down', 'okx', 'no answer');
        return listed;
      },
    });
    expect(await market.renew(signal)).toBe('same');
  });

  it('is asked for again after an hour and not before, by a list of that hour', async () => {
    listed = { ...before, contractSize: 0.001 };
    now += 59 * minute;
    expect(await market.renew(signal)).toBe('same');
    expect(asked).toHaveLength(1);
    now += minute;
    expect(await market.renew(signal)).toBe('changed');
    expect(asked.at(-1)).toBe(60 * minute);
    expect(market.current).toEqual(listed);
  });

  it('is asked for within a minute where something sent does not go with it', async () => {
    listed = { ...before, contractSize: 0.001 };
    market.doubt();
    now += minute;
    expect(await market.renew(signal)).toBe('changed');
    expect(asked.at(-1)).toBe(minute);
    now += 2 * minute;
    expect(await market.renew(signal)).toBe('same');
    expect(asked).toHaveLength(2);
  });

  it('is gone where the list names it no more, and stands where no list can be had', async () => {
    refuses = true;
    now += 60 * minute;
    expect(await market.renew(signal)).toBe('same');
    expect(market.current).toEqual(before);
    refuses = false;
    listed = undefined;
    now += 60 * minute;
    expect(await market.renew(signal)).toBe('gone');
    expect(market.current).toBeUndefined();
  });
});
