import { seeded } from './random';
import { queryNumber, type ReplayVenue, RequestRefusal } from './venue';

/** The Fear & Greed index of api.alternative.me. Derived: a number a day that wanders between 15 and 85. */

const day = 86_400_000;

function valueOn(index: number): number {
  let sum = 0;
  for (let back = 0; back < 10; back++) sum += seeded('fear and greed', index - back);
  return Math.round(15 + (sum / 10) * 70);
}

function classification(value: number): string {
  if (value <= 24) return 'Extreme Fear';
  if (value <= 46) return 'Fear';
  if (value <= 54) return 'Neutral';
  return value <= 75 ? 'Greed' : 'Extreme Greed';
}

export function createSentiment(): ReplayVenue {
  return {
    id: 'sentiment',
    hosts: ['api.alternative.me'],
    pools: { requests: { limit: 60, perMs: 60_000 } },
    route: (method, path) =>
      method === 'GET' && /^\/fng\/?$/.test(path)
        ? {
            pool: 'requests',
            answer: ({ query, now }) => {
              const today = Math.floor(now / day);
              const limit = queryNumber(query, 'limit') ?? 1;
              const data = Array.from({ length: limit === 0 ? 365 : limit }, (_, back) => {
                const value = valueOn(today - back);
                return {
                  value: String(value),
                  value_classification: classification(value),
                  timestamp: String(((today - back) * day) / 1000),
                  ...(back === 0
                    ? { time_until_update: String(Math.floor(((today + 1) * day - now) / 1000)) }
                    : {}),
                };
              });
              return { name: 'Fear and Greed Index', data, metadata: { error: null } };
            },
          }
        : undefined,
    unknown: () => new RequestRefusal(404, 'Not Found'),
    limited: () => new RequestRefusal(429, 'Too Many Requests'),
    headers: () => ({}),
    allowsAnyOrigin: () => true,
    connect: () => undefined,
  };
}
