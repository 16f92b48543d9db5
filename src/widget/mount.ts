import { minuteMs } from '../engine/time';
import { type Heat, readHeat } from '../paint/heatmap';
import type { ColorScheme } from '../paint/theme';
import type { Language } from '../ui/languages';
import type { Attributes } from './attributes';
import { type BandsChart, createBandsChart } from './chart';
import { ageFreshness, createFrame, type Frame } from './frame';
import type { BandsLook } from './primitive';
import type { SharedLoads } from './shared-loads';
import { type Loaded, SourceError } from './source';
import { tooltip } from './tooltip';

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
  language: Language,
  host: Host,
  signal: AbortSignal,
): Mounted {
  const frame = createFrame(root, typeof attributes === 'string' ? undefined : attributes, language);
  const theme = typeof attributes === 'string' ? 'auto' : attributes.theme;
  const scheme = followScheme(root, theme, signal);
  signal.addEventListener('abort', () => root.replaceChildren(), { once: true });
  if (typeof attributes !== 'string') return follow(frame, attributes, scheme, language, host, signal);
  frame.say(attributes, 'alert');
  host.onError(attributes);
  return { priceToY: () => null };
}

/** The colour scheme as it is now, and calls when it changes. */
interface Scheme {
  now(): ColorScheme;
  onChange(run: () => void): void;
}

function followScheme(root: HTMLElement, theme: Attributes['theme'], signal: AbortSignal): Scheme {
  const view = root.ownerDocument.defaultView ?? window;
  const dark = view.matchMedia('(prefers-color-scheme: dark)');
  const now = (): ColorScheme => (theme === 'auto' ? (dark.matches ? 'dark' : 'light') : theme);
  const mark = () => {
    root.dataset.scheme = now();
  };
  mark();
  dark.addEventListener('change', mark, { signal });
  return { now, onChange: (run) => dark.addEventListener('change', run, { signal }) };
}

/** Loads the market, shows it, and does so again while somebody can see it. */
function follow(
  frame: Frame,
  wanted: Attributes,
  scheme: Scheme,
  language: Language,
  { loads, now, onUpdate, onError }: Host,
  signal: AbortSignal,
): Mounted {
  const { speak } = language;
  let loaded: Loaded | undefined;
  let heat: Heat | undefined;
  let chart: BandsChart | undefined;

  const begin = (): BandsChart => {
    frame.body.replaceChildren();
    frame.body.role = 'img';
    frame.body.ariaLabel = speak('widget_label', wanted.symbol);
    return createBandsChart(frame.body, language, signal, (point) =>
      frame.tip(point && loaded && language.say(() => tooltip(loaded!.view, heat, point)), point),
    );
  };

  /** Shows what is loaded as old as it is now. */
  function show(): void {
    if (!loaded) return;
    const ms = now() - loaded.view.asOf;
    frame.date(ms);
    const look: BandsLook = {
      mode: modeOf(wanted, loaded),
      palette: wanted.palette,
      scheme: scheme.now(),
      opacity: 0.6,
      freshness: ageFreshness(ms),
    };
    frame.explain(look);
    chart ??= begin();
    chart.show(loaded, heat, look);
  }

  async function refresh(): Promise<void> {
    try {
      loaded = await loads.load(wanted, language, signal);
      if (signal.aborted) return;
      const { mode, window } = wanted;
      heat = mode === 'heatmap' && loaded.heatmap ? readHeat(loaded.heatmap, heat) : undefined;
      frame.describe(loaded);
      frame.warn(mode === 'heatmap' && !heat ? speak('widget_noHeatmap', window) : '');
      show();
      onUpdate(loaded);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof SourceError)) throw error;
      onError(error.message);
      if (loaded) frame.warn(speak('widget_notRefreshed', error.message));
      else frame.say(error.message, 'alert');
    }
  }

  const { ownerDocument } = frame.body;
  const timers = [
    setInterval(show, ageMs),
    setInterval(() => ownerDocument.visibilityState === 'visible' && void refresh(), refreshMs),
  ];
  signal.addEventListener('abort', () => timers.forEach(clearInterval), { once: true });
  scheme.onChange(show);
  frame.say(speak('widget_loading'), 'status');
  void refresh();
  return { priceToY: (price) => chart?.priceToY(price) ?? null };
}

function modeOf({ mode }: Attributes, { heatmap }: Loaded): BandsLook['mode'] {
  if (mode === 'map') return 'profile';
  return mode === 'heatmap' && !heatmap ? 'bands' : mode;
}
