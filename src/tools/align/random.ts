import type { AlignBar, Setup } from './api';

/** Charts are shuffled by a seed: the same one gives the same run. */

export const between = (random: () => number, low: number, high: number): number =>
  low + (high - low) * random();
export const happens = (random: () => number, share: number): boolean => random() < share;

/** mulberry32: small, seeded, good enough to shuffle charts. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function walk(level: number, random: () => number): AlignBar[] {
  const bars: AlignBar[] = [];
  let price = level;
  for (let i = 0; i < 300; i++) {
    const open = price;
    price = Math.max(level * 0.7, Math.min(level * 1.4, price * (1 + between(random, -0.008, 0.008))));
    bars.push({
      time: 1_725_000_000 + i * 3600,
      open,
      close: price,
      high: Math.max(open, price) * (1 + 0.004 * random()),
      low: Math.min(open, price) * (1 - 0.004 * random()),
      volume: between(random, 100, 5000),
    });
  }
  // The last bar closes at the symbol's price, as on a live chart.
  const factor = level / price;
  return bars.map(({ time, volume, ...prices }) => ({
    time,
    volume,
    open: prices.open * factor,
    high: prices.high * factor,
    low: prices.low * factor,
    close: prices.close * factor,
  }));
}

/** A random price range: from a tight zoom to several times what the bars cover. */
export function priceRange({ bars, random }: Setup): { low: number; high: number } {
  const middle = bars[Math.floor(random() * bars.length)]!.close;
  const half = 10 ** between(random, -2.3, -0.45);
  return { low: middle * (1 - half), high: middle * (1 + half) };
}

/**
 * One to sixty prices of orders or lines: a trader's grid at even steps of price or of percent, round or not, or prices
 * here and there.
 */
export function ladder({ bars, decimals, random }: Setup): number[] {
  const count = Math.ceil(60 * random() ** 1.5);
  const middle = bars[Math.floor(between(random, 0.3, 1) * (bars.length - 1))]!.close;
  const share = 10 ** between(random, -4.3, -1.7);
  const kind = Math.floor(random() * 4);
  const step = kind === 0 ? 10 ** Math.round(Math.log10(middle * share)) : middle * share;
  const from = kind === 0 ? Math.round(middle / step) * step : middle;
  const prices: number[] = [];
  for (let i = 0; i < count; i++) {
    const at = i - Math.floor(count / 2);
    if (kind < 2) prices.push(from + at * step);
    else if (kind === 2) prices.push(from * (1 + share) ** at);
    else prices.push(from * (1 + between(random, -15, 15) * share));
  }
  return prices.map((price) => Number(price.toFixed(decimals))).filter((price) => price > 0);
}

export function resize({ container, random }: Setup): { width: number; height: number } {
  const width = Math.round(between(random, 480, 1100));
  const height = Math.round(between(random, 260, 620));
  container.style.width = `${width}px`;
  container.style.height = `${height}px`;
  return { width, height };
}
