import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { venueFeeds } from '../../src/feeds';
import { FeedError, type SocketPlan } from '../../src/feeds/feed';
import { coin, fixture } from './fixture';
import { replies } from './replies';

/** Venues write what does not apply as nothing, as `""` or as null; a null never says more than nothing. */

const now = 1_700_000_000_000;

// biome-ignore lint/suspicious/noExplicitAny: payloads are foreign data that tests change at will.
type Payload = any;

/** Every named field in a payload, as the keys that lead to it. */
function fieldsIn(json: Payload, path: string[] = []): string[][] {
  if (typeof json !== 'object' || json === null) return [];
  return Object.keys(json).flatMap((key) => {
    const own = [...path, key];
    return [...(Array.isArray(json) ? [] : [own]), ...fieldsIn(json[key], own)];
  });
}

function without(json: Payload, path: string[], isNull: boolean): Payload {
  const copy = structuredClone(json);
  const holder = path.slice(0, -1).reduce((at, key) => at[key], copy);
  if (isNull) holder[path.at(-1)!] = null;
  else delete holder[path.at(-1)!];
  return copy;
}

/** What a reader makes of a payload, with how many rows it left out; only that it refuses where it does. */
function outcome(read: (left: (reason: string) => void) => unknown): unknown {
  let left = 0;
  try {
    const value = read(() => {
      left += 1;
    });
    return { value, left };
  } catch (error) {
    if (error instanceof FeedError) return 'refused';
    throw error;
  }
}

describe('a field that is null is read as one that is missing', () => {
  it.each(replies)('in the reply of %s %s', (venue, name, call) => {
    const json = fixture(venue, name);
    for (const path of fieldsIn(json)) {
      const [missing, empty] = [false, true].map((isNull) =>
        outcome((leftOut) => call.parse(without(json, path, isNull), now, { leftOut })),
      );
      if (missing !== 'refused') expect(empty, path.join('.')).toEqual(missing);
    }
  });

  const watched: Record<string, ReturnType<typeof coin>[]> = {
    binance: ['BTCUSDT', 'CTKUSDT', 'SUSHIUSDT'].map((native) => coin(native, native)),
    bybit: ['BTCUSDT', 'ROSEUSDT'].map((native) => coin(native, native)),
    okx: ['BTC-USDT-SWAP', 'IOST-USDT-SWAP', 'UNI-USD-SWAP'].map((native) => coin(native, native)),
    bitget: [coin('BTCUSDT', 'BTC-USDT')],
    hyperliquid: [coin('BTC', 'BTC-USDT')],
  };
  const messages = venueFeeds.flatMap(({ id }) =>
    readdirSync(new URL(`../fixtures/${id}/`, import.meta.url))
      .filter((file) => file.startsWith('socket-'))
      .map((file) => [id, file.replace('.json', '')] as const),
  );
  it.each(messages)('in the message %s %s', (id, name) => {
    const venue = venueFeeds.find((each) => each.id === id)!;
    const json = fixture(id, name);
    const ways = (plan: SocketPlan | undefined): SocketPlan[] =>
      plan ? [plan, ...ways(plan.otherwise)] : [];
    const count = ways(venue.sockets(watched[id]!)[0]).length;
    for (let way = 0; way < count; way++)
      for (const path of fieldsIn(json)) {
        // A book is kept from message to message: each begins anew.
        const [missing, empty] = [false, true].map((isNull) =>
          outcome((leftOut) =>
            ways(venue.sockets(watched[id]!)[0])[way]!.read(
              JSON.stringify(without(json, path, isNull)),
              now,
              { leftOut },
            ),
          ),
        );
        if (missing !== 'refused') expect(empty, path.join('.')).toEqual(missing);
      }
  });
});
