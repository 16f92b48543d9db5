import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { CDPSession, Page } from 'playwright-core';
import { type Launched, launchChromium } from './browser';
import { ensureBuilt } from './build';
import { createReplay } from './replay';

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
  /** CPU time of script that the extension adds to a frame, ms. */
  scriptMsPerFrame: number;
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
  gzip: { pageWorld: number; finder: number; content: number; widget: number };
  /** Frames measured on each side, at the display's rate. */
  frames: number;
  /** How sure the figures above are. */
  intervals: Record<'frameTimeRatio' | 'scriptMsPerFrame' | 'taskMsPerFrame', Measured>;
  /**
   * The same chart with no limit on the frame rate: a frame then lasts as long as the work for it, in all processes.
   * Milliseconds, and what is added.
   */
  uncapped: { frameMsWithout: number; frameMs: number; addedMs: Measured };
}

const address = 'https://www.binance.com/en/futures/BTCUSDT';
const displayFrameMs = 1000 / 60;

/** One pan of a chart. Per frame, ms. */
interface Turn {
  frameMs: number;
  scriptMs: number;
  taskMs: number;
  long: number;
}

interface Side {
  browser: Launched;
  page: Page;
  session: CDPSession;
}

interface Pair {
  without: Turn;
  extended: Turn;
}

async function openSide(resolverPort: number, args: string[], extensionDir?: string): Promise<Side> {
  const browser = await launchChromium({ resolverPort, args, ...(extensionDir ? { extensionDir } : {}) });
  try {
    const page = await browser.context.newPage();
    await page.goto(address);
    await page.waitForSelector('html[data-ready="chart"]', { timeout: 30_000 });
    if (extensionDir) {
      await page.waitForSelector('[data-liqbands][data-axis]', { state: 'attached', timeout: 60_000 });
    }
    const session = await page.context().newCDPSession(page);
    // CPU time of the thread: what other programs do meanwhile does not count.
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    return { browser, page, session };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

async function seconds({ session }: Side): Promise<{ script: number; task: number }> {
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
        const { __chart: chart } = window as unknown as {
          __chart: { timeScale(): { setVisibleLogicalRange(range: { from: number; to: number }): void } };
        };
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
          const from = 600 + 200 * Math.sin((2 * Math.PI * done) / wanted);
          chart.timeScale().setVisibleLogicalRange({ from, to: from + 180 });
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
  resolverPort: number,
  extensionDir: string,
  args: string[],
  pairs: number,
  frames: number,
): Promise<{ pairs: Pair[]; heapMb: number }> {
  const sides: Side[] = [];
  try {
    sides.push(await openSide(resolverPort, args), await openSide(resolverPort, args, extensionDir));
    const [without, extended] = sides as [Side, Side];
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
    const drawn = await extended.page.locator('[data-liqbands][data-axis]').count();
    if (drawn === 0) throw new Error('The bands went away while panning: nothing was measured');
    return { pairs: found, heapMb: (await heapMb(extended)) - (await heapMb(without)) };
  } finally {
    for (const { browser } of sides) await browser.close();
  }
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
 * @param pairs Pairs of turns at the display's rate; three times as many are made without a limit.
 * @param frames Frames in each turn.
 */
export async function benchPage(pairs = 12, frames = 90): Promise<PageResult> {
  const [chrome, widget] = ensureBuilt('chrome', 'widget');
  const replay = await createReplay();
  try {
    const shown = await inTurns(replay.port, chrome!, [], pairs, frames);
    const unlimited = ['--disable-frame-rate-limit', '--disable-gpu-vsync'];
    const free = await inTurns(replay.port, chrome!, unlimited, 3 * pairs, frames);
    const added = (of: (turn: Turn) => number) =>
      measured(shown.pairs.map(({ extended, without }) => of(extended) - of(without)));
    const intervals = {
      frameTimeRatio: measured(
        shown.pairs.map(({ extended, without }) => extended.frameMs / without.frameMs),
        4,
      ),
      scriptMsPerFrame: added(({ scriptMs }) => scriptMs),
      taskMsPerFrame: added(({ taskMs }) => taskMs),
    };
    const long = (side: keyof Pair) => shown.pairs.reduce((sum, pair) => sum + pair[side].long, 0);
    const kb = (path: string) => rounded(gzipSync(readFileSync(path), { level: 9 }).length / 1000, 2);
    const frameMs = (side: keyof Pair) => measured(free.pairs.map((pair) => pair[side].frameMs)).median;
    return {
      frameTimeRatio: intervals.frameTimeRatio.median,
      scriptMsPerFrame: intervals.scriptMsPerFrame.median,
      taskMsPerFrame: intervals.taskMsPerFrame.median,
      budgetShare: rounded(intervals.taskMsPerFrame.median / displayFrameMs, 4),
      longFrames: long('extended'),
      longFramesWithout: long('without'),
      heapMb: rounded(shown.heapMb, 2),
      gzip: {
        pageWorld: kb(join(chrome!, 'src/content/axis.iife.js')),
        finder: kb(join(chrome!, 'src/content/finder.iife.js')),
        content: kb(join(chrome!, 'src/content/overlay.iife.js')),
        widget: kb(join(widget!, 'liquidation-map.iife.js')),
      },
      frames: pairs * frames,
      intervals,
      uncapped: {
        frameMsWithout: frameMs('without'),
        frameMs: frameMs('extended'),
        addedMs: measured(free.pairs.map(({ extended, without }) => extended.frameMs - without.frameMs)),
      },
    };
  } finally {
    await replay.close();
  }
}

/** The figures for people. */
export function textOf(page: PageResult): string {
  const { frameTimeRatio, scriptMsPerFrame, taskMsPerFrame } = page.intervals;
  const { frameMsWithout, frameMs, addedMs } = page.uncapped;
  const within = ({ median, low, high }: Measured) => `${median} (${low} to ${high})`;
  return [
    `A chart panned for ${page.frames} frames, with the extension against without (in brackets 95 % intervals)`,
    `  frame time   × ${within(frameTimeRatio)} at the display's rate`,
    `  script       + ${within(scriptMsPerFrame)} ms of CPU a frame`,
    `  main thread  + ${within(taskMsPerFrame)} ms of CPU a frame, ${(100 * page.budgetShare).toFixed(1)} % of 1/60 s`,
    `  over 50 ms   ${page.longFrames} frames (without: ${page.longFramesWithout})`,
    `  no limit     + ${within(addedMs)} ms a frame (${frameMs} against ${frameMsWithout})`,
    `  heap         + ${page.heapMb} MB`,
    `  gzip         page world ${page.gzip.pageWorld} kB, finder ${page.gzip.finder} kB, overlay ${page.gzip.content} kB, widget ${page.gzip.widget} kB`,
  ].join('\n');
}
