import { describe, expect, it, vi } from 'vitest';
import english from '../../public/_locales/en/messages.json' with { type: 'json' };
import { hourMs } from '../../src/engine/time';
import { placeLabels } from '../../src/paint/level-labels';
import { isPassed, paintLevels, shownLevels, strengthOf } from '../../src/paint/levels';
import { barInk, size, zoneInk } from '../../src/paint/theme';
import type { LevelView, MapView } from '../../src/protocol/view';
import { levelText } from '../../src/ui/level-text';
import { useTexts } from '../../src/ui/text';

useTexts(english);

const price = 60_000;
const height = 600;
const low = price * 0.97;
const high = price * 1.03;
const scale = {
  priceToY: (p: number) => ((high - p) / (high - low)) * height,
  yToPrice: (y: number) => high - (y / height) * (high - low),
};
const upsideDown = {
  priceToY: (p: number) => ((p - low) / (high - low)) * height,
  yToPrice: (y: number) => low + (y / height) * (high - low),
};
const options = { multiplier: 1, price };
const look = {
  ...options,
  pixelRatio: 1,
  palette: 'viridis',
  scheme: 'dark',
  opacity: 1,
  mode: 'levels',
  tiers: [true],
  freshness: 'fresh',
} as const;

/** A level whose nearer edge is this far from the price, as a fraction of it. */
function level(away: number, usd = 1e8): LevelView {
  const edge = price * (1 + away);
  const side = away < 0 ? 'long' : 'short';
  const far = edge * (away < 0 ? 0.997 : 1.003);
  return {
    side,
    low: Math.min(edge, far),
    high: Math.max(edge, far),
    edge,
    kind: 'swing',
    since: 0,
    usd,
    forced: { p10: usd * 0.02, p50: usd * 0.06, p90: usd * 0.15 },
    share: usd / 1e10,
    ageMs: 0,
  };
}

const nearestFirst = (levels: LevelView[]) =>
  levels.toSorted((one, other) => Math.abs(one.edge - price) - Math.abs(other.edge - price));

function randomLevels(seed: number): LevelView[] {
  let state = seed;
  const random = () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  return nearestFirst(Array.from({ length: 6 }, (_, i) => level((i < 3 ? 1 : -1) * 0.06 * random())));
}

describe('labels of levels', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'never overlap each other or the last price’s row (random levels, seed %d)',
    (seed) => {
      for (let round = 0; round < 50; round++) {
        for (const each of [scale, upsideDown]) {
          const placed = placeLabels(randomLevels(seed * 100 + round + 1), each, height, options);
          const rows = placed.map(({ top }) => top).sort((one, other) => one - other);
          for (let i = 1; i < rows.length; i++)
            expect(rows[i]! - rows[i - 1]!).toBeGreaterThanOrEqual(size.labelHeight + size.labelGap - 1e-9);
          const y = each.priceToY(price);
          for (const top of rows) {
            expect(top >= y + size.priceRow || top + size.labelHeight <= y - size.priceRow).toBe(true);
            expect(top).toBeGreaterThanOrEqual(0);
            expect(top + size.labelHeight).toBeLessThanOrEqual(height);
          }
        }
      }
    },
  );

  it('stand outside their edge, as seen from the price, on both sides', () => {
    const [short, long] = placeLabels([level(0.01), level(-0.01)], scale, height, options);
    expect(short!.top + size.labelHeight).toBeCloseTo(scale.priceToY(price * 1.01) - size.labelGap);
    expect(long!.top).toBeCloseTo(scale.priceToY(price * 0.99) + size.labelGap);
    const [under, over] = placeLabels([level(0.01), level(-0.01)], upsideDown, height, options);
    expect(under!.top).toBeCloseTo(upsideDown.priceToY(price * 1.01) + size.labelGap);
    expect(over!.top + size.labelHeight).toBeCloseTo(upsideDown.priceToY(price * 0.99) - size.labelGap);
  });

  it('are pinned to the pane’s end while no level of their side is in sight, the nearest one of them', () => {
    const placed = placeLabels(
      nearestFirst([level(0.05), level(0.08), level(-0.01)]),
      scale,
      height,
      options,
    );
    expect(placed.map(({ level: { edge }, pinned }) => [Math.round(edge), pinned])).toEqual([
      [63_000, 'top'],
      [59_400, undefined],
    ]);
    const [pinned] = placeLabels([level(0.05)], upsideDown, height, options);
    expect(pinned!.pinned).toBe('bottom');
    expect(pinned!.top + size.labelHeight).toBeLessThanOrEqual(height);
  });

  it('of a level that price has gone through are not drawn', () => {
    expect(placeLabels([level(0.01)], scale, height, { multiplier: 1, price: price * 1.02 })).toEqual([]);
  });

  it('give the nearer edge, its distance, and what would be forced as a range', () => {
    expect(levelText(level(0.027), 60_000, 1, true)).toBe('Shorts 61,620 · +2.7\u202f% · ≈ $2–15M');
    expect(levelText(level(-0.01), 60_000, 1000, false, 'bottom')).toBe(
      '▼ Longs 59,400,000 · \u22121.0\u202f%',
    );
    // Inside a level there is no way to go.
    expect(levelText(level(0.01), 60_700, 1, false)).toBe('Shorts 60,600 · 0.0\u202f%');
  });
});

describe('levels as they are shown', () => {
  const count = 200;
  const step = 0.001;
  const lnLow = Math.log(price) - (count / 2) * step;
  /** One band of $100 with a fifth in each tier, but for the last tier beyond +2 %. */
  const viewOf = (levels: LevelView[]): MapView => {
    const all = new Array<number>(count).fill(100);
    const tiers = Array.from({ length: 5 * count }, (_, i) =>
      i % count >= 120 ? (i >= 4 * count ? 100 : 0) : 20,
    );
    return {
      symbol: 'BTC-USDT',
      window: '24h',
      price,
      lnLow,
      step,
      long: all,
      short: all,
      longAge: all,
      shortAge: all,
      longTiers: tiers,
      shortTiers: tiers,
      q: { p10: 0, p50: 0, p90: 0 },
      ratio: { within5: null, within10: null, longUsd5: 0, shortUsd5: 0 },
      clusters: [],
      levels,
      provisional: false,
      historyFrom: 0,
      asOf: 0,
    };
  };
  const all = [true, true, true, true, true];
  const only = (tier: number) => [0, 1, 2, 3, 4].map((each) => each === tier);

  it('are three a side at most, the nearest', () => {
    const view = viewOf([0.01, 0.02, 0.03, 0.04].map((away) => level(away)));
    expect(shownLevels(view, { tiers: all }).map(({ edge }) => Math.round(edge))).toEqual([
      60_600, 61_200, 61_800,
    ]);
  });

  it('are as many a side as is chosen, and those above the threshold', () => {
    const view = viewOf([0.01, 0.02, 0.03, 0.04].map((away) => level(away)));
    expect(shownLevels(view, { tiers: all, levelsPerSide: 1 })).toHaveLength(1);
    expect(shownLevels(view, { tiers: all, levelsPerSide: 6 })).toHaveLength(4);
    // Each is as large as the largest band or larger, whatever part of it is asked for.
    expect(shownLevels(view, { tiers: all, levelsPerSide: 6, threshold: 1 })).toHaveLength(4);
    const weak = viewOf([level(0.01), { ...level(0.02), usd: 1 }]);
    expect(shownLevels(weak, { tiers: all, threshold: 0.5 })).toHaveLength(1);
  });

  it('have the amounts of the tiers shown, and go where those hold nothing', () => {
    const view = viewOf([level(0.01), level(0.03)]);
    const [first, ...others] = shownLevels(view, { tiers: only(0) });
    expect(others).toEqual([]);
    expect(first!.usd).toBeCloseTo(2e7);
    expect(first!.share).toBeCloseTo(0.002);
    expect(first!.forced.p90).toBeCloseTo(3e6);
    expect(shownLevels(view, { tiers: only(4) })[1]!.usd).toBeCloseTo(1e8);
  });

  it('are as strong as their share of open interest, whatever the coin', () => {
    expect([0, 0.0049, 0.005, 0.019, 0.02, 1].map((share) => strengthOf({ share }))).toEqual([
      1, 1, 2, 2, 3, 3,
    ]);
  });

  it('are passed once price is beyond their far edge', () => {
    const short = level(0.01);
    expect([short.edge, short.high - 1, short.high].map((at) => isPassed(short, at))).toEqual([
      false,
      false,
      true,
    ]);
    const long = level(-0.01);
    expect([long.edge, long.low + 1, long.low].map((at) => isPassed(long, at))).toEqual([false, false, true]);
  });
});

describe('bars of the profile', () => {
  const count = 40;
  const step = 0.001;
  const lnLow = Math.log(price) - (count / 2) * step;
  /** As much in each band of both sides, or on each side of the price alone. */
  function mapOf(isWhole = false): MapView {
    const side = (isIn: (i: number) => boolean) =>
      Array.from({ length: count }, (_, i) => (isWhole || isIn(i) ? 1e6 : 0));
    return {
      lnLow,
      step,
      long: side((i) => i < count / 2),
      short: side((i) => i >= count / 2),
      longTiers: [],
      shortTiers: [],
      levels: [],
    } as unknown as MapView;
  }

  /** Tops of the bars, by the colour they are filled with: those of longs first. */
  function barsOf(
    drawn?: { shareOf(left: number, top: number, width: number, height: number): number },
    view = mapOf(),
    now = price,
    isSeeThrough = false,
  ) {
    vi.stubGlobal(
      'Path2D',
      class {
        readonly rows: number[] = [];
        rect(_left: number, top: number) {
          this.rows.push(top);
        }
      },
    );
    const bars = new Map<string, number[]>();
    const context = {
      fillStyle: '',
      fill({ rows }: { rows: number[] }) {
        if (rows.length > 0) bars.set(this.fillStyle, rows);
      },
    };
    paintLevels(
      context as unknown as CanvasRenderingContext2D,
      view,
      scale,
      { x: 0, y: 0, width: 900, height },
      {
        ...look,
        price: now,
        drawn,
        isSeeThrough,
      },
    );
    vi.unstubAllGlobals();
    return bars;
  }

  it('are those that the price has not passed, on a map that stays while the price moves', () => {
    const view = mapOf(true);
    for (const now of [price * 1.0004, price * 1.0104, price * 0.9904, price * 1.0004]) {
      const [long, short] = [...barsOf(undefined, view, now).values()];
      const band = Math.floor((Math.log(now) - lnLow) / step);
      // Both sides have what is left of the band that the price is in.
      expect([long!.length, short!.length]).toEqual([band + 1, count - band]);
      expect(Math.min(...long!)).toBe(Math.max(...short!));
    }
  });

  it('are dim where candles lie in them, so that those stand out', () => {
    const bare = barsOf();
    expect(bare.size).toBe(2);
    // Candles from the middle of the pane down, as far right as bars reach.
    const under = barsOf({ shareOf: (_left, top) => (top > height / 2 ? 0.2 : 0) });
    const isDim = (color: string) => !bare.has(color);
    const rows = [...under].flatMap(([color, tops]) => tops.map((top) => ({ dim: isDim(color), top })));
    expect(rows).toHaveLength([...bare.values()].flat().length);
    for (const { dim, top } of rows) expect(dim, `at ${top}`).toBe(top > height / 2);
  });

  it('look the same on the chart’s ground where they are see-through', () => {
    const [opaque, seeThrough] = [false, true].map((is) => [...barsOf(undefined, mapOf(), price, is).keys()]);
    expect(seeThrough!.map((color) => over(barInk.dark.background, color))).toEqual(opaque!.map(partsOf));
  });
});

/** Red, green, blue and opacity. */
const partsOf = (color: string) => color.match(/[\d.]+/g)!.map(Number);

/** What a colour looks like over an opaque one; the browser holds what is beyond 0–255 at its ends. */
function over(ground: readonly number[], color: string): number[] {
  const [r, g, b, opacity = 1] = partsOf(color) as [number, number, number, number?];
  return [r, g, b].map((value, i) => Math.round(Math.min(255, value) * opacity + ground[i]! * (1 - opacity)));
}

describe('zones of levels', () => {
  /** Colours at the ends of each zone's shade. */
  function shadesOf(scheme: 'dark' | 'light', isSeeThrough: boolean) {
    const shades: string[][] = [];
    const context = new Proxy({} as CanvasRenderingContext2D, {
      get: (_, name) => {
        if (name !== 'createLinearGradient') return () => {};
        const stops: string[] = [];
        shades.push(stops);
        return () => ({ addColorStop: (_at: number, color: string) => stops.push(color) });
      },
      set: () => true,
    });
    const none = new Float64Array(1);
    const levels = [level(-0.01), level(0.01)];
    const view = { levels, lnLow: Math.log(low), step: 0.01, long: none, short: none, asOf: 0 };
    paintLevels(
      context,
      { ...view, tiers: [{ long: none, short: none }] } as unknown as MapView,
      scale,
      { x: 0, y: 0, width: 900, height },
      {
        ...look,
        scheme,
        isSeeThrough,
      },
    );
    return shades;
  }

  it.each(['dark', 'light'] as const)(
    'look the same on a %s chart’s ground where they are see-through, and let five sixths of a candle through',
    (scheme) => {
      const opaque = shadesOf(scheme, false).map(([, color]) => partsOf(color!));
      const seeThrough = shadesOf(scheme, true).map(([, color]) => color!);
      expect(opaque).toEqual([
        [...zoneInk[scheme].long, 1],
        [...zoneInk[scheme].short, 1],
      ]);
      for (const [i, color] of seeThrough.entries()) {
        const look = over(barInk[scheme].background, color);
        for (const [k, value] of look.entries()) expect(Math.abs(value - opaque[i]![k]!)).toBeLessThan(9);
        expect(partsOf(color)[3]).toBeLessThan(1 / 6);
      }
    },
  );
});

describe('edges of levels', () => {
  /** What is stroked: from where to where, how thick, and with which dashes. */
  function edgesOf(ageMs: number, pixelRatio: number) {
    const strokes: { from: number[]; to: number[]; lineWidth: number; dash: number[] }[] = [];
    const saved: number[][] = [];
    let dash: number[] = [];
    let from: number[] = [];
    let to: number[] = [];
    const context = {
      lineWidth: 0,
      save: () => saved.push(dash),
      restore() {
        dash = saved.pop()!;
      },
      setLineDash(lengths: number[]) {
        dash = lengths;
      },
      beginPath() {},
      moveTo: (...at: number[]) => {
        from = at;
      },
      lineTo: (...at: number[]) => {
        to = at;
      },
      stroke() {
        strokes.push({ from, to, lineWidth: this.lineWidth, dash });
      },
      translate() {},
      fillRect() {},
      fill() {},
      createLinearGradient: () => ({ addColorStop() {} }),
    };
    const levels = [level(0.02)];
    const none = new Float64Array(1);
    const view = { levels, lnLow: Math.log(low), step: 0.01, long: none, short: none, asOf: ageMs };
    paintLevels(
      context as unknown as CanvasRenderingContext2D,
      { ...view, tiers: [{ long: none, short: none }] } as unknown as MapView,
      scale,
      { x: 0, y: 0, width: 900, height },
      {
        ...look,
        pixelRatio,
      },
    );
    return { strokes, left: dash };
  }
  const row = Math.round(scale.priceToY(price * 1.02));

  it('are one line over the pane, on whole pixels', () => {
    const { strokes } = edgesOf(hourMs, 1);
    expect(strokes).toEqual([{ from: [0, row + 0.5], to: [900, row + 0.5], lineWidth: 1, dash: [] }]);
  });

  it('are dashed for levels older than two days, and nothing after them is', () => {
    const { strokes, left } = edgesOf(49 * hourMs, 2);
    expect(strokes).toHaveLength(1);
    expect(strokes[0]).toMatchObject({ lineWidth: 2, dash: [2 * size.edgeDash] });
    expect(left).toEqual([]);
  });
});
