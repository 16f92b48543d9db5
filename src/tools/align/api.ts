/** What scripts in the pages that `align` opens know of each other: a chart under test, and how `align` asks after it. */

export interface AlignState {
  /** The price scale shows prices (not percentages, not an index) with labels enough to read. */
  drawable: boolean;
  /** What the chart was put into, for reports. */
  note: string;
  drawn: boolean;
  /** Distance in CSS px between overlay and library for nine prices, where both are there. */
  errors: number[];
}

export interface AlignApi {
  ready: Promise<void>;
  /** Whether bands are drawn on the chart as it was opened; `due` where they could be and are not yet. */
  opening(): 'drawn' | 'due' | 'none';
  /** Puts the chart into its next random state, lets it settle and compares. */
  next(): Promise<AlignState>;
  /** Pans for `frames` frames; counts those presented with overlay and chart apart by more than 1.5 px. */
  pan(frames: number): Promise<{ frames: number; late: number }>;
}

export interface AlignBar {
  time: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

/** `other`: prices, but of another coin or in another currency. */
export type AlignScale = 'linear' | 'log' | 'percent' | 'indexed' | 'other';

export interface Shuffled {
  scale: AlignScale;
  note: string;
}

/** A chart under test. */
export interface Subject {
  /** Puts the chart into a random state and says which, once the chart shows it. */
  shuffle(): Shuffled | Promise<Shuffled>;
  /** The smallest change that repaints with another price range; `phase` runs from 0 to 1. */
  nudge(phase: number): void | Promise<void>;
  /** CSS px from the top of the frame, by the library's own reckoning. */
  toY(price: number): number | null;
  toPrice(y: number): number | null;
  /** Plot area in CSS px of the frame. */
  plot(): { top: number; bottom: number };
  /** CSS px from the top of the frame to where the library's own pixels count from; the container's top where it does not say. */
  origin?(): number;
  /** Takes the lines of before off the chart and puts lines with labels on the axis at these prices. */
  lines?(prices: number[]): void;
}

export interface Setup {
  container: HTMLElement;
  bars: AlignBar[];
  decimals: number;
  random: () => number;
  kind: Kind;
  /** Prints a price for the axis, for libraries that can be told how. */
  print(price: number): string;
  /** Where the library's folders are served, with a slash at its end. */
  files: string;
}

/**
 * What is on the page beside a chart: nothing; ladders of price lines with labels; a second chart with prices somewhat
 * above; or the one chart alone, in another currency.
 */
export type Kind = '' | 'ladder' | 'second' | 'converted';

export type Library = (setup: Setup) => Subject | Promise<Subject>;
