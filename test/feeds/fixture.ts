import { readFileSync } from 'node:fs';
import type { Call, FeedEvent, Instrument, SocketPlan } from '../../src/feeds/feed';

/** A recorded or documented payload as text. */
export function fixtureText(venue: string, name: string): string {
  return readFileSync(new URL(`../fixtures/${venue}/${name}.json`, import.meta.url), 'utf8');
}

/** The same, decoded. */
// biome-ignore lint/suspicious/noExplicitAny: payloads are foreign data that tests change at will.
export function fixture(venue: string, name: string): any {
  return JSON.parse(fixtureText(venue, name));
}

/** What the one plan that knows a message makes of it: plans of a venue share their reader. */
export function readOn(plans: SocketPlan[], message: unknown, now = 1_700_000_000_000) {
  const text = typeof message === 'string' ? message : JSON.stringify(message);
  return plans[0]?.read(text, now);
}

export function events(plans: SocketPlan[], message: unknown, now?: number): FeedEvent[] {
  return readOn(plans, message, now) ?? [];
}

/** An instrument counted in coins. */
export function coin(native: string, symbol: string, fields: Partial<Instrument> = {}): Instrument {
  return { native, symbol, multiplier: 1, contractSize: 1, tickSize: 0.1, maxLeverage: 100, ...fields };
}

/** The call's parameters. */
export function parameters(url: string): Record<string, string> {
  return Object.fromEntries(new URL(url).searchParams);
}

/** The value at a path such as `data.0.px` replaced. */
export function changed(payload: unknown, path: string, value: unknown): unknown {
  const copy = structuredClone(payload);
  const keys = path.split('.');
  const last = keys.pop()!;
  // biome-ignore lint/suspicious/noExplicitAny: see above.
  const parent = keys.reduce((at: any, key) => at[key], copy);
  if (!(last in parent)) throw new RangeError(`changed: no ${path} in the payload`);
  parent[last] = value;
  return copy;
}

/** Of the ways to ask a call the one over a path. */
export function way<T>(call: Call<T>, path: string): Call<T> {
  for (let each: Call<T> | undefined = call; each; each = each.otherwise)
    if (each.url.includes(path)) return each;
  throw new RangeError(`way: none over ${path} of ${call.url}`);
}
