import * as z from 'zod/mini';
import { minuteMs } from '../engine/time';
import { amount, readAs, readRows, rows } from './border';
import { type Call, FeedError, type Provider } from './feed';

/**
 * The Fear & Greed index of alternative.me: one number a day from 0 (fear) to 100 (greed) for the whole market.
 *
 * Source: https://alternative.me/crypto/fear-and-greed-index/#api (read September 2026). Asking once an hour is enough.
 */

export interface FearAndGreed {
  /** Start of the day it stands for, ms. */
  time: number;
  /** 0 to 100. */
  value: number;
  /** The publisher's word, such as `Extreme Fear`. */
  word: string;
}

/**
 * GET /fng/?limit=30, newest first, **seconds**, numbers as text; the countdown is in the first row only:
 * `{"name":"Fear and Greed Index","data":[{"value":"47","value_classification":"Neutral","timestamp":"1777248000",
 *   "time_until_update":"3600"}],"metadata":{"error":null}}`
 */
const Reply = z.object({ data: rows, metadata: z.object({ error: z.nullable(z.string()) }) });
const Day = z.object({
  value: z.pipe(amount, z.number().check(z.maximum(100))),
  value_classification: z.string().check(z.maxLength(40)),
  timestamp: z.pipe(amount, z.int().check(z.minimum(1e9), z.maximum(1e10))),
});

export const sentiment: Provider = {
  id: 'sentiment',
  name: 'Fear & Greed',
  hosts: ['api.alternative.me'],
  /** 60 requests a minute is said, not documented. */
  pools: { address: { limit: 10, perMs: minuteMs } },
  concurrent: 1,
  pauseMs: 600_000,
};

/** The index of the last `days` days, ascending. */
export function fearAndGreed(days = 30): Call<FearAndGreed[]> {
  return {
    url: `https://api.alternative.me/fng/?limit=${days}`,
    weight: 1,
    pool: 'address',
    parse: (json, _now, notes) => {
      const { data, metadata } = readAs('sentiment', Reply, json);
      if (metadata.error !== null) throw new FeedError('unavailable', 'sentiment', metadata.error);
      return readRows('sentiment', 'day', Day, data, notes)
        .map((row) => ({
          time: row.timestamp * 1000,
          value: row.value,
          word: row.value_classification,
        }))
        .sort((a, b) => a.time - b.time);
    },
  };
}
