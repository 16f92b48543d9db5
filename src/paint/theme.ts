/** Every colour and size of the drawing, in one place. Colours are `[red, green, blue]`, 0–255. */

export type Rgb = readonly [red: number, green: number, blue: number];

export type Palette = 'viridis' | 'classic';
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

/** Text and lines on the chart. */
export const ink: Record<ColorScheme, { text: string; muted: string; plate: string; line: string }> = {
  dark: {
    text: '#f2f4f8',
    muted: '#a9b0bd',
    plate: 'rgba(16, 19, 27, 0.92)',
    line: 'rgba(255, 255, 255, 0.16)',
  },
  light: {
    text: '#14171f',
    muted: '#5a6270',
    plate: 'rgba(255, 255, 255, 0.94)',
    line: 'rgba(20, 23, 31, 0.14)',
  },
};

/** Long red-orange and short blue in words and curves, readable on the scheme's background and told by text as well. */
export const sideInk: Record<ColorScheme, { long: string; short: string }> = {
  dark: { long: '#ff9a76', short: '#7cbcff' },
  light: { long: '#b3361d', short: '#1f5fb3' },
};

/** Data age: quiet, amber, red. */
export const ageInk: Record<ColorScheme, { fresh: string; late: string; stale: string }> = {
  dark: { fresh: '#a9b0bd', late: '#ffc457', stale: '#ff6b6b' },
  light: { fresh: '#5a6270', late: '#9a6200', stale: '#c01c28' },
};

export const fontFamily = 'system-ui, sans-serif';

/** CSS pixels. */
export const size = {
  labelFont: 11,
  labelHeight: 17,
  labelPadding: 6,
  labelGap: 3,
  labelMargin: 8,
  /** No label, with its margin, is wider in any language. */
  labelsWidth: 320,
  /** Labels drawn on each side at most. */
  labelsPerSide: 3,
  /** Share of the pane's width the profile's longest bar takes. */
  profileShare: 0.22,
  profileMax: 260,
  curveWidth: 1.5,
  hatch: 8,
} as const;

/** Data older than these look late, then stale. */
const lateAfterMs = 60_000;
const staleAfterMs = 300_000;

export type Freshness = 'fresh' | 'late' | 'stale';

/** How old data looks. An age that cannot be told is stale. */
export function freshnessOf(ageMs: number): Freshness {
  return ageMs <= lateAfterMs ? 'fresh' : ageMs <= staleAfterMs ? 'late' : 'stale';
}

/** The widget's own chart, kept grey so that the bands carry the colour. */
export const chartInk: Record<ColorScheme, { background: string; grid: string; rise: string; fall: string }> =
  {
    dark: { background: '#12141c', grid: 'rgba(255, 255, 255, 0.05)', rise: '#e6e9f2', fall: '#8a91a5' },
    light: { background: '#ffffff', grid: 'rgba(20, 23, 31, 0.06)', rise: '#7d8496', fall: '#20242f' },
  };
