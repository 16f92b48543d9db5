import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { CDPSession, Page } from 'playwright-core';
import { type BenchScene, chartlessPage, scenes } from './bench-scenes';
import { type Launched, launchChromium } from './browser';
import { ensureBuilt } from './build';
import { createReplay, showcase } from './replay';

/** A median over pairs of turns, and the interval that holds the true one 95 times in 100. */
export interface Measured {
  median: number;
  low: number;
  high: number;
}

/** What the extension costs a page whose chart is panned without pause, against the same page without it. */
export interface PageResult {
  /** Mean frame with the extension / mean frame without, at the display's own rate: what a reader sees. */
  frameTimeRatio: number;
  /** CPU time of script that the extension adds to a frame, ms: on lightweight-charts, on a chart that draws much, under a heatmap. */
  scriptMsPerFrame: number;
  heavyScriptMsPerFrame: number;
  heatmapScriptMsPerFrame: number;
  /** The same on a page without a chart, in its first five seconds. */
  chartlessScriptMs: number;
  /** CPU time that it adds to the main thread in a frame, ms: script, style, layout, painting. */
  taskMsPerFrame: number;
  /** The latter as a share of a frame at 60 Hz: what is gone from the page's own budget, used or not. */
  budgetShare: number;
  /** Long animation frames (over 50 ms) with the extension, and without it. */
  longFrames: number;
  longFramesWithout: number;
  /** Heap that it adds to the page's isolate, all worlds, after a collection, MB. */
  heapMb: number;
  /** kB (1000 bytes) as compressed by gzip. */
  gzip: {
    pageWorld: number;
    finder: number;
    content: number;
    heat: number;
    extras: number;
    elements: number;
    widget: number;
  };
  /** Frames measured on each side, at the display's rate. */
  frames: number;
  /** How sure the figures above are. */
  intervals: Record<
    | 'frameTimeRatio'
    | 'scriptMsPerFrame'
    | 'heavyScriptMsPerFrame'
    | 'heatmapScriptMsPerFrame'
    | 'chartlessScriptMs'
    | 'taskMsPerFrame',
    Measured
  >;
  /**
   * The same chart with no limit on the frame rate: a frame then lasts as long as the work for it, in all processes.
   * Milliseconds, and what is added.
   */
  uncapped: { frameMsWithout: number; frameMs: number; addedMs: Measured };
}

/** What a page without a chart is given to load, ms. */
const chartlessMs = 5000;
const displayFrameMs = 1000 / 60;

/** One pan of a chart. Per frame, ms. */
interface Turn {
  frameMs: number;
  scriptMs: number;
  taskMs: number;
  long: number;
}

interface Side {
  page: Page;
  session: CDPSession;
}

interface Pair {
  without: Turn;
  extended: Turn;
}

/** The same browser twice. */
interface Browsers {
  without: Launched;
  extended: Launched;
}

const switches = {
  displayRate: [],
  free: ['--disable-frame-rate-limit', '--disable-gpu-vsync'],
};

/** Opens both browsers for as long as `use` takes. */
async function withBrowsers<T>(
  resolverPort: number,
  extensionDir: string,
  args: string[],
  use: (browsers: Browsers) => Promise<T>,
): Promise<T> {
  const opened = await Promise.allSettled([
    launchChromium({ resolverPort, args }),
    launchChromium({ resolverPort, args, extensionDir }),
  ]);
  try {
    const [without, extended] = opened.map((one) => {
      if (one.status === 'rejected') throw one.reason;
      return one.value;
    }) as [Launched, Launched];
    // tsx names functions by this helper, which pages lack.
    for (const { context } of [without, extended])
      await context.addInitScript('globalThis.__name = (f) => f');
    return await use({ without, extended });
  } finally {
    for (const one of opened) if (one.status === 'fulfilled') await one.value.close();
  }
}

async function chooseMode({ context, extensionId }: Launched, mode: BenchScene['mode']): Promise<void> {
  const popup = await context.newPage();
  await popup.goto(`chrome-extension://${extensionId}/src/popup/index.html`);
  await popup.evaluate((chosen) => chrome.storage.local.set({ settings: { mode: chosen } }), mode);
  await popup.close();
}

async function metered(page: Page): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  // CPU time of the thread: what other programs do meanwhile does not count.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return session;
}

async function openSide(scene: BenchScene, { context }: Launched, resolverPort: number): Promise<Side> {
  await scene.prepare(context, resolverPort);
  const page = await context.newPage();
  await scene.open(page);
  return { page, session: await metered(page) };
}

async function seconds({ session }: Pick<Side, 'session'>): Promise<{ script: number; task: number }> {
  const { metrics } = await session.send('Performance.getMetrics');
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
  return { script: of('ScriptDuration'), task: of('TaskDuration') };
}

/**
 * Pans by one bar's width a frame, there and back; the autoscaled price axis moves with it, so that every frame makes
 * the reader read and the painter paint.
 */
async function pan(side: Side, frames: number): Promise<Turn> {
  const before = await seconds(side);
  const seen = await side.page.evaluate(
    (wanted) =>
      new Promise<{ elapsed: number; long: number }>((resolve) => {
        const { __pan } = window as unknown as { __pan(turn: number): void };
        let long = 0;
        const observer = new PerformanceObserver((list) => {
          long += list.getEntries().length;
        });
        observer.observe({ type: 'long-animation-frame' });
        let start: number | undefined;
        let done = 0;
        const step = (now: number) => {
          if (start === undefined) start = now;
          else done++;
          if (done >= wanted) {
            observer.disconnect();
            resolve({ elapsed: now - start, long });
            return;
          }
          __pan(done / wanted);
          requestAnimationFrame(step);
        };
        requestAnimationFrame(step);
      }),
    frames,
  );
  const after = await seconds(side);
  return {
    frameMs: seen.elapsed / frames,
    scriptMs: (1000 * (after.script - before.script)) / frames,
    taskMs: (1000 * (after.task - before.task)) / frames,
    long: seen.long,
  };
}

/**
 * Two browsers on the same page, one of them with the extension, take turns panning: A B, B A, A B … so that a machine
 * growing slower or faster weighs on both alike, and each pair of turns is compared with itself.
 */
async function inTurns(
  scene: BenchScene,
  browsers: Browsers,
  resolverPort: number,
  pairs: number,
  frames: number,
): Promise<{ pairs: Pair[]; heapMb: number }> {
  await chooseMode(browsers.extended, scene.mode);
  const [without, extended] = await Promise.all([
    openSide(scene, browsers.without, resolverPort),
    openSide(scene, browsers.extended, resolverPort),
  ]);
  await extended.page.waitForSelector(scene.drawn, { state: 'attached', timeout: 90_000 });
  const turn = async (side: Side) => {
    await side.page.bringToFront();
    return pan(side, frames);
  };
  for (const side of [without, extended, without, extended]) await turn(side); // both compilers warm
  const found: Pair[] = [];
  for (let i = 0; i < pairs; i++) {
    const one = await turn(i % 2 ? extended : without);
    const other = await turn(i % 2 ? without : extended);
    found.push(i % 2 ? { without: other, extended: one } : { without: one, extended: other });
  }
  // Where they went away while panning nothing was measured. A chart that has just come to rest may be a moment late.
  await extended.page.waitForSelector(scene.drawn, { state: 'attached', timeout: 30_000 });
  const added = (await heapMb(extended)) - (await heapMb(without));
  for (const { page } of [without, extended]) await page.close();
  return { pairs: found, heapMb: added };
}

/** Script time of a page without a chart, with the extension less without. ms. */
async function chartless({ without, extended }: Browsers, pairs: number): Promise<number[]> {
  const visit = async ({ context }: Launched): Promise<number> => {
    const page = await context.newPage();
    const session = await metered(page);
    const { script: before } = await seconds({ session });
    await page.goto(chartlessPage).catch(() => {});
    await page.waitForTimeout(chartlessMs);
    const { script } = await seconds({ session });
    await page.close();
    return 1000 * (script - before);
  };
  const added: number[] = [];
  for (let i = -1; i < pairs; i++) {
    // Both at once: they wait more than they work, and what counts is each one's own CPU time.
    const [plain, more] = await Promise.all([visit(without), visit(extended)]);
    if (i >= 0) added.push(more - plain);
  }
  return added;
}

async function heapMb({ session }: Side): Promise<number> {
  for (let i = 0; i < 2; i++) await session.send('HeapProfiler.collectGarbage');
  // The usage of the isolate: the page's world and the extension's together.
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / 2 ** 20;
}

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

/** Median, and by the sign test the values that bound the true one: no distribution is assumed. */
export function measured(values: readonly number[], digits = 3): Measured {
  const ascending = values.toSorted((one, other) => one - other);
  const { length } = ascending;
  const at = (rank: number) => ascending[Math.min(length - 1, Math.max(0, rank))]!;
  const reach = 0.98 * Math.sqrt(length);
  return {
    median: rounded((at(Math.floor((length - 1) / 2)) + at(Math.ceil((length - 1) / 2))) / 2, digits),
    low: rounded(at(Math.floor(length / 2 - reach)), digits),
    high: rounded(at(Math.ceil(length / 2 + reach) - 1), digits),
  };
}

/**
 * Takes two minutes on an idle machine.
 *
 * @param pairs Pairs of turns at the display's rate on each chart; three times as many are made without a limit.
 * @param frames Frames in each turn.
 * @param tell Hears what is measured next.
 */
export async function benchPage(
  pairs = 8,
  frames = 60,
  tell: (line: string) => void = () => {},
): Promise<PageResult> {
  const [chrome, widget] = ensureBuilt('chrome', 'widget');
  const replay = await createReplay({ startAt: showcase });
  try {
    const { port } = replay;
    const turns = (name: keyof typeof scenes, browsers: Browsers, count: number) => {
      tell(`${name}: ${count} pairs of turns of ${frames} frames`);
      return inTurns(scenes[name], browsers, port, count, frames);
    };
    const { shown, heavy, heatmap, chartlessScript } = await withBrowsers(
      port,
      chrome!,
      switches.displayRate,
      async (browsers) => {
        const shown = await turns('chart', browsers, pairs);
        const heavy = await turns('heavy', browsers, pairs);
        const heatmap = await turns('heatmap', browsers, pairs);
        tell('no chart');
        return { shown, heavy, heatmap, chartlessScript: await chartless(browsers, Math.ceil(pairs / 3)) };
      },
    );
    tell('no limit on the frame rate');
    const free = await withBrowsers(port, chrome!, switches.free, (browsers) =>
      turns('chart', browsers, 3 * pairs),
    );
    const added = ({ pairs: found }: { pairs: Pair[] }, of: (turn: Turn) => number) =>
      measured(found.map(({ extended, without }) => of(extended) - of(without)));
    const intervals = {
      frameTimeRatio: measured(
        shown.pairs.map(({ extended, without }) => extended.frameMs / without.frameMs),
        4,
      ),
      scriptMsPerFrame: added(shown, ({ scriptMs }) => scriptMs),
      heavyScriptMsPerFrame: added(heavy, ({ scriptMs }) => scriptMs),
      heatmapScriptMsPerFrame: added(heatmap, ({ scriptMs }) => scriptMs),
      chartlessScriptMs: measured(chartlessScript, 1),
      taskMsPerFrame: added(shown, ({ taskMs }) => taskMs),
    };
    const long = (side: keyof Pair) => shown.pairs.reduce((sum, pair) => sum + pair[side].long, 0);
    const kb = (path: string) => rounded(gzipSync(readFileSync(path), { level: 9 }).length / 1000, 2);
    const script = (name: string) => kb(join(chrome!, `src/content/${name}.iife.js`));
    const frameMs = (side: keyof Pair) => measured(free.pairs.map((pair) => pair[side].frameMs)).median;
    return {
      frameTimeRatio: intervals.frameTimeRatio.median,
      scriptMsPerFrame: intervals.scriptMsPerFrame.median,
      heavyScriptMsPerFrame: intervals.heavyScriptMsPerFrame.median,
      heatmapScriptMsPerFrame: intervals.heatmapScriptMsPerFrame.median,
      chartlessScriptMs: intervals.chartlessScriptMs.median,
      taskMsPerFrame: intervals.taskMsPerFrame.median,
      budgetShare: rounded(intervals.taskMsPerFrame.median / displayFrameMs, 4),
      longFrames: long('extended'),
      longFramesWithout: long('without'),
      heapMb: rounded(shown.heapMb, 2),
      gzip: {
        pageWorld: script('axis'),
        finder: script('finder'),
        content: script('overlay'),
        heat: script('heat'),
        extras: script('extras'),
        elements: script('elements'),
        widget: kb(join(widget!, 'liquidation-map.iife.js')),
      },
      frames: pairs * frames,
      intervals,
      uncapped: {
        frameMsWithout: frameMs('without'),
        frameMs: frameMs('extended'),
        addedMs: added(free, ({ frameMs }) => frameMs),
      },
    };
  } finally {
    await replay.close();
  }
}

/** The figures for people. */
export function textOf(page: PageResult): string {
  const { intervals } = page;
  const { frameMsWithout, frameMs, addedMs } = page.uncapped;
  const within = ({ median, low, high }: Measured) => `${median} (${low} to ${high})`;
  return [
    `A chart panned for ${page.frames} frames, with the extension against without (in brackets 95 % intervals)`,
    `  frame time   × ${within(intervals.frameTimeRatio)} at the display's rate`,
    `  script       + ${within(intervals.scriptMsPerFrame)} ms of CPU a frame`,
    `  heavy chart  + ${within(intervals.heavyScriptMsPerFrame)} ms of script a frame`,
    `  heatmap      + ${within(intervals.heatmapScriptMsPerFrame)} ms of script a frame`,
    `  no chart     + ${within(intervals.chartlessScriptMs)} ms of script in its first ${chartlessMs / 1000} s`,
    `  main thread  + ${within(intervals.taskMsPerFrame)} ms of CPU a frame, ${(100 * page.budgetShare).toFixed(1)} % of 1/60 s`,
    `  over 50 ms   ${page.longFrames} frames (without: ${page.longFramesWithout})`,
    `  no limit     + ${within(addedMs)} ms a frame (${frameMs} against ${frameMsWithout})`,
    `  heap         + ${page.heapMb} MB`,
    `  gzip         page world ${page.gzip.pageWorld} kB, finder ${page.gzip.finder} kB, overlay ${page.gzip.content} kB, heat ${page.gzip.heat} kB, extras ${page.gzip.extras} kB, widget ${page.gzip.widget} kB`,
  ].join('\n');
}
