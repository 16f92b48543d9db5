import { hourMs, minuteMs } from '../engine/time';
import type { palettes } from '../protocol/looks';

/** Every colour and size of the drawing, in one place. Colours are `[red, green, blue]`, 0–255. */

export type Rgb = readonly [red: number, green: number, blue: number];

export type Palette = (typeof palettes)[number];
export type ColorScheme = 'light' | 'dark';

/** Five colours, weakest class first. */
export type Ramp = readonly [Rgb, Rgb, Rgb, Rgb, Rgb];

/**
 * `viridis` runs evenly in lightness and reads the same with any colour vision; both sides share it, told apart by
 * position and label. `classic` gives each side its own hue. On light charts stronger means darker.
 */
export const ramps: Record<Palette, Record<ColorScheme, { long: Ramp; short: Ramp }>> = {
  viridis: {
    dark: sharedRamp([
      [70, 74, 150],
      [44, 113, 142],
      [33, 160, 136],
      [122, 209, 81],
      [253, 231, 37],
    ]),
    light: sharedRamp([
      [122, 196, 120],
      [46, 160, 134],
      [44, 113, 142],
      [65, 68, 135],
      [68, 1, 84],
    ]),
  },
  classic: {
    dark: {
      long: [
        [120, 50, 50],
        [165, 55, 50],
        [208, 64, 52],
        [239, 96, 62],
        [255, 150, 92],
      ],
      short: [
        [40, 66, 120],
        [42, 88, 165],
        [52, 116, 208],
        [72, 150, 239],
        [124, 190, 255],
      ],
    },
    light: {
      long: [
        [244, 165, 140],
        [232, 118, 92],
        [214, 74, 58],
        [178, 36, 44],
        [128, 10, 32],
      ],
      short: [
        [150, 190, 235],
        [100, 156, 222],
        [56, 116, 200],
        [30, 80, 165],
        [12, 48, 120],
      ],
    },
  },
};

function sharedRamp(ramp: Ramp): { long: Ramp; short: Ramp } {
  return { long: ramp, short: ramp };
}

/** Opacity of the five classes, times the user's choice: candles stay readable under the strongest. */
export const classAlpha = [0.05, 0.1, 0.18, 0.34, 0.68] as const;

/** What stale bands are mixed into, and how much of their own colour is left. */
export const staleGrey: Record<ColorScheme, Rgb> = { dark: [140, 144, 152], light: [110, 114, 122] };
export const lateSaturation = 0.55;
export const staleSaturation = 0.08;

/** Text, plates and lines on the chart, and what can be pressed. */
export const ink: Record<
  ColorScheme,
  Record<'text' | 'muted' | 'plate' | 'raised' | 'line' | 'field' | 'accent' | 'accentBack', string>
> = {
  dark: {
    text: '#e8ebf2',
    muted: '#a3abba',
    plate: '#12151c',
    raised: '#1b1f29',
    line: '#232834',
    field: '#6d7689',
    accent: '#b4a3ff',
    accentBack: '#241f3d',
  },
  light: {
    text: '#14171f',
    muted: '#4d5463',
    plate: '#ffffff',
    raised: '#f1f3f7',
    line: '#e1e4eb',
    field: '#868d9c',
    accent: '#5a3fd0',
    accentBack: '#efecfc',
  },
};

/** Long red-orange and short blue in words and edges, readable on the scheme's background and told by text as well. */
export const sideInk: Record<ColorScheme, { long: string; short: string }> = {
  dark: { long: '#ff9a76', short: '#7cbcff' },
  light: { long: '#b3361d', short: '#1f5fb3' },
};

/**
 * Fill of a level's zone. Opaque and dim: the layer is blended `lighten` on dark charts and `darken` on light ones, so that
 * whatever is brighter (darker) than the zone, such as a candle, keeps its colour.
 */
export const zoneInk: Record<ColorScheme, { long: Rgb; short: Rgb }> = {
  dark: { long: [48, 36, 32], short: [20, 44, 72] },
  light: { long: [252, 226, 216], short: [233, 238, 251] },
};

/** Opacity of a zone that lies over candles without being blended with them. */
export const zoneVeil = 0.16;

/** Bars of the profile at the right edge, mixed into the usual background of a chart: opaque for the same reason. */
export const barInk: Record<ColorScheme, { background: Rgb; long: Rgb; short: Rgb }> = {
  dark: { background: [18, 21, 28], long: [255, 154, 118], short: [124, 188, 255] },
  light: { background: [255, 255, 255], long: [224, 112, 60], short: [63, 131, 216] },
};
/** Share of the colour in a bar: of any band, of one that belongs to a level, and of one that candles lie in. */
export const barAlpha = { band: 0.42, level: 0.68, under: 0.12 } as const;

/** How a layer of the estimate is laid over a chart, so that candles keep their colour. */
export const blending: Record<ColorScheme, 'lighten' | 'darken'> = { dark: 'lighten', light: 'darken' };

/** Data age: quiet, amber, rose; red belongs to candles. */
export const ageInk: Record<ColorScheme, { fresh: string; late: string; stale: string }> = {
  dark: { fresh: '#a3abba', late: '#ffc457', stale: '#ff7a9c' },
  light: { fresh: '#4d5463', late: '#8a5700', stale: '#a8124f' },
};

export const fontFamily = 'system-ui, sans-serif';

/** CSS pixels. */
export const size = {
  badgeHeight: 24,
  labelFont: 11,
  labelHeight: 17,
  labelPadding: 6,
  /** Between two labels, and between a label and its edge. */
  labelGap: 2,
  labelMargin: 8,
  /** Half of the row that the last price's line and tag take, and a little air. */
  priceRow: 14,
  /** Narrower panes than this have labels without the amount. */
  labelsNarrow: 400,
  /** Levels drawn on each side at most. */
  levelsPerSide: 3,
  /** A zone is at least this high. */
  zoneLeast: 2,
  /** Share of the pane's width over which a zone fades in. */
  zoneFade: 0.45,
  /** The same, where the moment is known from which the zone stands. */
  zoneFadeShort: 48,
  edgeDash: 5,
  /** Share of the pane's width the profile's longest bar takes. */
  profileShare: 0.16,
  profileMax: 180,
  /** Bands below this share of the largest have no bar. */
  profileLeast: 0.05,
  curveWidth: 1.5,
  hatch: 8,
} as const;

/** Levels older than this have a dashed edge. */
export const oldLevelMs = 48 * hourMs;

/** Strength of a level by its share of all open interest: class 1 below the first, 3 from the second on. */
export const strengthShares = [0.005, 0.02] as const;
/** Opacity of the edge by that class. */
export const edgeAlpha = [0.55, 0.8, 1] as const;

/** Data older than these look late, then stale. */
const lateAfterMs = minuteMs;
const staleAfterMs = 5 * minuteMs;

export type Freshness = 'fresh' | 'late' | 'stale';

/** How old data looks. An age that cannot be told is stale. What is doubtful never looks fresh. */
export function freshnessOf(ageMs: number, isDoubtful = false): Freshness {
  if (ageMs <= lateAfterMs) return isDoubtful ? 'late' : 'fresh';
  return ageMs <= staleAfterMs ? 'late' : 'stale';
}

/** The widget's own chart, kept grey so that the bands carry the colour. */
export const chartInk: Record<ColorScheme, { background: string; grid: string; rise: string; fall: string }> =
  {
    dark: { background: '#12141c', grid: 'rgba(255, 255, 255, 0.05)', rise: '#e6e9f2', fall: '#8a91a5' },
    light: { background: '#ffffff', grid: 'rgba(20, 23, 31, 0.06)', rise: '#7d8496', fall: '#20242f' },
  };

/** Radius of the ring around a forced order, of the smallest and the largest in sight, CSS pixels. */
export const ringRadius = { least: 2, most: 7 } as const;
