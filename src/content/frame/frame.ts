import { freshnessOf } from '../../paint/theme';
import type { Reply } from '../../protocol/messages';
import type { Settings, SiteSettings } from '../../protocol/settings';
import { keyOf, t } from '../../ui/text';
import type { AxisMessage } from '../axis/axis-message';
import type { Chart } from '../axis/chart';
import { type Charts, followCharts } from '../axis/charts';
import type { Pane } from '../axis/pane';
import { rateLimit } from '../axis/rate-limit';
import { createFigures, type Figures } from '../overlay/figures';
import { createOverlay, heatParts, type Overlay } from '../overlay/overlay';
import { createPanel, type Panel } from '../overlay/panel';
import { asOf, priceOf, type Scene } from '../overlay/scene';
import { symbolAt } from '../sites';
import type { PageSymbol } from '../sites/site';
import { currentPage, onPageChange, type Page, pageSymbol } from './page-symbol';
import { loadSettings, readSettings, siteOf, updateSettings, watchSettings } from './stored-settings';
import { watchSymbol } from './watch';

type PageStatus = Reply<'pageStatus'>;

interface Drawn {
  bands: Overlay;
  figures: Figures;
  /** What the figures were last drawn for. */
  scene: Scene | undefined;
  pane: Pane | undefined;
}

/** A chart that is loading shows no panel for a moment. */
const graceMs = 3000;

/** Smaller drawings than these are no chart a trader reads; in frames they are often advertisements. CSS pixels. */
const [chartWidth, chartHeight] = window === window.top ? [300, 150] : [480, 240];

/**
 * Whether this frame itself shows a chart, readable or not. A frame inside is asked itself: it knows more of what it
 * shows.
 */
function showsChart(charts: Iterable<Chart>): boolean {
  const isInSight = (element: Element) => {
    const { left, top, right, bottom, width, height } = element.getBoundingClientRect();
    const onScreen = right > 0 && bottom > 0 && left < innerWidth && top < innerHeight;
    return onScreen && width >= chartWidth && height >= chartHeight && element.checkVisibility();
  };
  if ([...document.querySelectorAll('iframe')].some(isInSight)) return false;
  for (const { source, refusal } of charts) {
    const box = source.parentElement;
    if (refusal !== undefined && refusal !== 'hidden' && box && isInSight(box)) return true;
  }
  return [...document.querySelectorAll('canvas')].some(isInSight);
}

/** Runs at the scheduler's next turn, once however often it is called before. */
function once(schedule: (run: () => void) => void, run: () => void): () => void {
  let due = false;
  return () => {
    if (due) return;
    due = true;
    schedule(() => {
      due = false;
      run();
    });
  };
}

/**
 * One frame of a page, from its first script to its end: which symbol the page shows, which charts it has, what the
 * worker says, and the overlays in between. Nothing is asked of the worker before a chart with a readable axis is there.
 */
export async function startFrame(channel: string): Promise<void> {
  const end = new AbortController();
  const overlays = new Map<Chart, Drawn>();
  let settings: Settings = readSettings(undefined);
  let page: Page | undefined;
  let symbol: PageSymbol | undefined;
  let unknown = false;
  let scene: Scene | undefined;
  let watching: AbortController | undefined;
  let ready = false;
  const mayWatch = rateLimit(1, 8, () => performance.now());

  const reference = (): number | undefined => {
    const price = scene && priceOf(scene);
    return price === undefined ? undefined : price * scene!.symbol.multiplier;
  };

  const notes = new Map<Element, AxisMessage>();
  const isHeat = ({ mode }: Settings): boolean => mode === 'heatmap';
  /** Prices and times come from two canvases, one after the other: both are drawn after them, in the same frame. */
  const showSoon = once(queueMicrotask, () => showAll());

  const charts: Charts = followCharts({
    channel,
    reference,
    told(source, message) {
      for (const known of notes.keys()) if (!known.isConnected) notes.delete(known);
      notes.set(source, message);
      if (isHeat(settings)) showSoon();
    },
    changed: (chart) => (isHeat(settings) ? showSoon() : show(chart)),
    gone(chart) {
      const drawn = overlays.get(chart);
      drawn?.bands.remove();
      drawn?.figures.remove();
      overlays.delete(chart);
      // A chart that is built anew needs the symbol's price at once.
      setTimeout(() => overlays.size === 0 && !panel && rest(), graceMs);
    },
  });

  const isOn = (): boolean => ready && page !== undefined && siteOf(settings, page.host).enabled;

  /** Stores a choice for the page's host. */
  function chooseForSite(change: Partial<SiteSettings>): void {
    const { host } = page!;
    void updateSettings((stored) => ({
      sites: { ...stored.sites, [host]: { ...siteOf(stored, host), ...change } },
    })).catch(() => {});
  }

  const actions = {
    moveTo: (corner: SiteSettings['corner']) => chooseForSite({ corner }),
    leaveSite: () => chooseForSite({ enabled: false }),
    choose: (change: Partial<Settings>) => void updateSettings(() => change).catch(() => {}),
  };

  const isDrawn = (chart: Chart): boolean =>
    chart.axis !== undefined && !chart.eclipsed && symbol !== undefined && !unknown && isOn();

  function show(chart: Chart): void {
    let overlay = overlays.get(chart);
    if (isDrawn(chart)) undock();
    if (!isDrawn(chart)) {
      overlay?.bands.hide();
      overlay?.figures.hide();
      return;
    }
    if (!scene) watch();
    if (!scene) {
      overlay?.bands.hide();
      overlay?.figures.hide();
      return;
    }
    if (!overlay) {
      overlay = {
        bands: createOverlay(),
        figures: createFigures(actions),
        scene: undefined,
        pane: undefined,
      };
      overlays.set(chart, overlay);
    }
    overlay.bands.draw(chart, scene, notes);
    if (overlay.scene !== scene || overlay.pane !== chart.pane) figuresSoon();
    else overlay.figures.settle(chart, scene);
  }

  /** Words and numbers can wait for the end of the frame, unlike the bands. */
  const figuresSoon = once(requestAnimationFrame, showFigures);
  function showFigures(): void {
    for (const [chart, overlay] of overlays) {
      if (!scene || !isDrawn(chart)) continue;
      const { bands, figures } = overlay;
      const shown = { ...scene, timeless: bands.timeless };
      figures.draw(chart, shown, bands.scheme(), siteOf(settings, page!.host).corner);
      overlay.scene = scene;
      overlay.pane = chart.pane;
    }
  }

  let panel: Panel | undefined;
  /** Since when there has been a chart that cannot be drawn on. */
  let undrawnSince: number | undefined;
  let wasFolded = true;

  function undock(): void {
    undrawnSince = undefined;
    panel?.remove();
    panel = undefined;
  }

  /** Once a second: a panel where there is a chart and nothing can be drawn on it. */
  function dock(): void {
    const choice = page && siteOf(settings, page.host).panel;
    const wanted = isOn() && symbol && !unknown && choice !== 'closed' && !drawnChart();
    if (!wanted || !showsChart(charts.all())) {
      if (panel) {
        undock();
        if (!unknown && !drawnChart()) rest();
      }
      undrawnSince = undefined;
      return;
    }
    undrawnSince ??= performance.now();
    if (performance.now() - undrawnSince < graceMs) return;
    const folded = choice === 'folded';
    // Only when it is being folded: a chart refused for its prices asks for them again, and would for ever.
    if (folded && !wasFolded) rest();
    wasFolded = folded;
    if (!folded && !scene) watch();
    panel ??= createPanel((chosen) => chooseForSite({ panel: chosen }));
    panel.show(scene, reason(), folded);
  }

  const drawnChart = (): Chart | undefined => [...charts.all()].find(isDrawn);

  /** Why nothing is drawn, in words; empty while something is. */
  function reason(): string {
    if (!isOn()) return t('refusal_off');
    if (!symbol) return t('refusal_symbol');
    if (unknown) return t('refusal_unlisted');
    if (drawnChart()) return '';
    // The most telling of all charts' refusals.
    const refusals = [...charts.all()].flatMap(({ refusal }) => refusal ?? []);
    return t(
      keyOf(
        'refusal',
        refusals.find((each) => each !== 'none' && each !== 'hidden') ?? refusals[0] ?? 'none',
      ),
    );
  }

  /** The popup asks all frames at once and takes the first answer: those without a chart hold theirs back. */
  chrome.runtime.onMessage.addListener((message: unknown, _sender, answer: (reply: PageStatus) => void) => {
    const asked = (message as { type?: unknown } | null)?.type === 'pageStatus';
    const hasChart = [...charts.all()].length > 0;
    if (!asked || !page || (!hasChart && window !== window.top)) return;
    const { host } = page;
    const tell = () =>
      answer({
        host,
        symbol: symbol?.symbol ?? null,
        told: symbolAt(page!)?.symbol ?? null,
        note: reason(),
        drawing: drawnChart() !== undefined,
        tick: scene?.tick ?? null,
      });
    if (hasChart) {
      tell();
      return;
    }
    setTimeout(tell, 150);
    return true;
  });

  function showAll(): void {
    for (const chart of charts.all()) show(chart);
  }

  /** Stops asking for the symbol: another one is shown, or none. */
  function rest(): void {
    watching?.abort();
    watching = undefined;
    scene = undefined;
    unknown = false;
  }

  /** Where the page has gone through symbols without pause, nothing is asked for a moment. */
  function watch(): void {
    watching?.abort();
    if (!mayWatch()) return;
    watching = new AbortController();
    const watched = symbol!;
    scene = {
      symbol: watched,
      settings,
      view: undefined,
      tick: undefined,
      heat: undefined,
      disconnected: false,
      freshness: 'fresh',
    };
    watchSymbol(
      {
        type: 'watch',
        symbol: watched.symbol,
        window: settings.window,
        history: isHeat(settings),
        observed: settings.observed,
        ...(watched.venue ? { venue: watched.venue } : {}),
      },
      {
        reply(reply) {
          if (reply.type === 'unknown') {
            unknown = true;
            showAll();
          } else if (reply.type === 'map') {
            if (reply.view.symbol === watched.symbol) change({ view: reply.view, disconnected: false });
          } else if (reply.type === 'history') {
            if (reply.history.symbol === watched.symbol)
              change({ heat: heatParts()?.readHeat(reply.history, scene?.heat) });
          } else if (reply.type === 'tick' && reply.tick.symbol === watched.symbol) {
            change({ tick: reply.tick, disconnected: false });
          }
        },
        lost: () => change({ disconnected: true }),
        orphaned: leave,
      },
      watching.signal,
    );
  }

  /** Replaces parts of the scene and draws where that shows. */
  function change(parts: Partial<Scene>): void {
    if (!scene) return;
    const before = reference();
    const next = { ...scene, ...parts };
    const time = asOf(next);
    next.freshness = time === undefined ? 'fresh' : freshnessOf(Date.now() - time);
    // A tick that moves nothing on the chart costs no redraw.
    const same =
      next.view === scene.view &&
      next.heat === scene.heat &&
      next.settings === scene.settings &&
      next.freshness === scene.freshness &&
      priceOf(next) === priceOf(scene);
    if (same) {
      Object.assign(scene, next);
      return;
    }
    scene = next;
    if (before === undefined) charts.reread();
    else showAll();
  }

  function pageChanged(): void {
    page = currentPage();
    const told = page && pageSymbol(page, settings);
    if (JSON.stringify(told) !== JSON.stringify(symbol)) {
      symbol = told;
      rest();
    }
    showAll();
  }

  function leave(): void {
    end.abort();
    rest();
    // Each chart that goes takes its overlay along.
    charts.stop();
    undock();
  }

  const moved = () => {
    for (const { bands } of overlays.values()) bands.moved();
  };
  const moveSoon = once(requestAnimationFrame, moved);
  const { signal } = end;
  window.addEventListener('scroll', moveSoon, { capture: true, passive: true, signal });
  window.addEventListener('resize', moveSoon, { passive: true, signal });
  document.addEventListener('fullscreenchange', moveSoon, { signal });
  // Data grows old without a message: the worker may be the one that died.
  const clock = setInterval(() => {
    if (scene) change({});
    else showAll();
    moved();
    showFigures();
    dock();
  }, 1000);
  document.addEventListener(
    'pointermove',
    ({ clientX, clientY }) => {
      if (!scene) return;
      for (const [chart, { figures }] of overlays) {
        if (isDrawn(chart)) figures.point(clientX, clientY, chart, scene);
      }
    },
    { capture: true, passive: true, signal },
  );
  signal.addEventListener('abort', () => clearInterval(clock));

  watchSettings((changed) => {
    const before = settings;
    settings = changed;
    const isAskedOtherwise =
      changed.window !== before.window ||
      isHeat(changed) !== isHeat(before) ||
      changed.observed !== before.observed;
    if (isAskedOtherwise) rest();
    change({ settings });
    pageChanged();
    dock();
  }, signal);
  settings = await loadSettings();
  ready = true;
  onPageChange(pageChanged, signal);
}
