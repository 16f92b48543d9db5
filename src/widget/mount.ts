import { minuteMs } from '../engine/time';
import type { ColorScheme } from '../paint/theme';
import { t } from '../ui/text';
import type { Attributes } from './attributes';
import { type BandsChart, createBandsChart } from './chart';
import { ageFreshness, createFrame } from './frame';
import type { SharedLoads } from './shared-loads';
import { type Loaded, SourceError } from './source';

/** A market that can be seen is loaded again this often. */
const refreshMs = minuteMs;
const ageMs = 1000;

/** What a mounted widget answers. */
export interface Mounted {
  priceToY(price: number): number | null;
}

/** What a mounted widget works with. */
export interface Host {
  loads: SharedLoads;
  /** ms since 1970. */
  now: () => number;
  /** Something new is drawn. */
  onUpdate(loaded: Loaded): void;
  /** Nothing can be drawn, or nothing newer, for this reason. */
  onError(sentence: string): void;
}

/**
 * Fills the root and keeps it true until the signal aborts, which leaves it empty.
 *
 * @param attributes what to show, or a sentence on what is wrong with them
 */
export function mount(
  root: HTMLElement,
  attributes: Attributes | string,
  { loads, now, onUpdate, onError }: Host,
  signal: AbortSignal,
): Mounted {
  const view = root.ownerDocument.defaultView ?? window;
  const dark = view.matchMedia('(prefers-color-scheme: dark)');
  const theme = typeof attributes === 'string' ? 'auto' : attributes.theme;
  const scheme = (): ColorScheme => (theme === 'auto' ? (dark.matches ? 'dark' : 'light') : theme);
  const frame = createFrame(root, typeof attributes === 'string' ? undefined : attributes);
  root.dataset.scheme = scheme();
  const timers: ReturnType<typeof setInterval>[] = [];
  signal.addEventListener(
    'abort',
    () => {
      for (const timer of timers) clearInterval(timer);
      root.replaceChildren();
    },
    { once: true },
  );
  if (typeof attributes === 'string') {
    frame.say(attributes, 'alert');
    onError(attributes);
    return { priceToY: () => null };
  }

  const wanted = attributes;
  let loaded: Loaded | undefined;
  let chart: BandsChart | undefined;

  /** Shows what is loaded as old as it is now. */
  function show(): void {
    root.dataset.scheme = scheme();
    if (!loaded) return;
    const ms = now() - loaded.view.asOf;
    frame.date(ms);
    if (!chart) {
      frame.body.replaceChildren();
      frame.body.role = 'img';
      frame.body.ariaLabel = t('widget_label', wanted.symbol);
      chart = createBandsChart(frame.body, signal);
    }
    chart.show(loaded, {
      mode: wanted.mode === 'map' ? 'profile' : wanted.mode,
      palette: wanted.palette,
      scheme: scheme(),
      opacity: 0.6,
      freshness: ageFreshness(ms),
    });
  }

  async function refresh(): Promise<void> {
    try {
      loaded = await loads.load(wanted, signal);
      if (signal.aborted) return;
      frame.describe(loaded);
      frame.warn('');
      show();
      onUpdate(loaded);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof SourceError)) throw error;
      onError(error.message);
      if (loaded) frame.warn(error.message);
      else frame.say(error.message, 'alert');
    }
  }

  timers.push(
    setInterval(show, ageMs),
    setInterval(() => root.ownerDocument.visibilityState === 'visible' && void refresh(), refreshMs),
  );
  dark.addEventListener('change', show, { signal });
  frame.say(t('widget_loading'), 'status');
  void refresh();
  return { priceToY: (price) => chart?.priceToY(price) ?? null };
}
