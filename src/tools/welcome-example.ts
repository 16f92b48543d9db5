import { writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { hourMs, minuteMs } from '../engine/time';
import { readMarket } from '../estimate/read-market';
import { venueFeeds } from '../feeds';
import { createTransport } from '../feeds/net/http';
import { systemClock } from '../feeds/net/pacing';
import { shownLevels } from '../paint/levels';
import { defaultSettings } from '../protocol/settings';
import { createReplay, replayFetch, showcase } from './replay';

/** The picture on the page after installing: a real market and what the engine said of it, never one drawn by hand. */

/** Bars of five minutes that one candle of the picture is made of, and how many of those it shows. */
const barMs = 5 * minuteMs;
const perCandle = 3;
const shownHours = 13;
const hoursApart = 4;
/** Rows of the profile. */
const rows = 40;
/** Air above and below what is shown, as a share of it. */
const air = 0.14;
const digits = (value: number, count: number): number => Number(value.toFixed(count));

/** Bitcoin at the replay's showcase, as the extension shows it by default. */
export async function welcomeExample(): Promise<object> {
  const replay = await createReplay({ speed: 0, startAt: showcase, now: () => showcase });
  try {
    const { windows } = await readMarket({
      symbol: 'BTC-USDT',
      windows: ['24h'],
      venues: venueFeeds,
      transport: createTransport({
        fetch: replayFetch(replay.port),
        clock: systemClock,
        random: () => 0,
      }),
      now: replay.now,
      say: (key) => key,
    });
    const { view, candles } = windows['24h']!;
    const from = Math.floor(replay.now() / hourMs - shownHours) * hourMs;
    const bars = candles.filter(([time]) => time >= from);
    const merged: number[][] = [];
    for (let i = 0; i < bars.length; i += perCandle) {
      const some = bars.slice(i, i + perCandle);
      const low = Math.min(...some.map((bar) => bar[3]));
      const high = Math.max(...some.map((bar) => bar[2]));
      merged.push([some[0]![1], high, low, some.at(-1)![4]].map((price) => digits(price, 1)));
    }
    const xOf = (time: number) => digits((time - from) / (perCandle * barMs), 2);
    const times = Array.from({ length: Math.floor(shownHours / hoursApart) }, (_, i) => {
      const time = from + (2 + i * hoursApart) * hourMs;
      return { x: xOf(time), text: new Date(time).toISOString().slice(11, 16) };
    });
    const nearest = (['short', 'long'] as const).map(
      (side) => shownLevels(view, defaultSettings).find((level) => level.side === side)!,
    );
    const ends = [
      ...bars.flatMap(([, , high, low]) => [high, low]),
      ...nearest.flatMap(({ low, high }) => [low, high]),
    ];
    const height = Math.max(...ends) - Math.min(...ends);
    const low = Math.min(...ends) - air * height;
    const high = Math.max(...ends) + air * height;
    const profile = Array.from({ length: rows }, (_, row) => {
      const [bottom, top] = [0, 1].map((end) => low + ((high - low) * (row + end)) / rows) as [
        number,
        number,
      ];
      // The share of each band that lies in the row, as its density.
      let usd = 0;
      for (let i = 0; i < view.long.length; i++) {
        const one = Math.exp(view.lnLow + i * view.step);
        const other = Math.exp(view.lnLow + (i + 1) * view.step);
        const shared = Math.min(top, other) - Math.max(bottom, one);
        if (shared > 0) usd += ((view.long[i]! + view.short[i]!) * shared) / (other - one);
      }
      return usd;
    });
    const largest = Math.max(...profile);
    return {
      candles: merged,
      price: digits(view.price, 1),
      low: digits(low, 1),
      high: digits(high, 1),
      profile: profile.map((usd) => digits(usd / largest, 3)),
      levels: nearest.map(({ side, low, high, edge, forced, crossedAt }) => ({
        side,
        low: digits(low, 1),
        high: digits(high, 1),
        edge: digits(edge, 1),
        forced: { p10: Math.round(forced.p10), p50: Math.round(forced.p50), p90: Math.round(forced.p90) },
        x: crossedAt === undefined ? 0 : Math.max(0, xOf(crossedAt)),
      })),
      times,
    };
  } finally {
    await replay.close();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const file = fileURLToPath(new URL('../welcome/example.json', import.meta.url));
  writeFileSync(file, `${JSON.stringify(await welcomeExample(), undefined, 2)}\n`);
}
