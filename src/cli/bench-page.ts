import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { CDPSession, Page } from 'playwright-core';
import { createReplay } from '../replay';
import { type Launched, launchChromium } from './browser';
import { ensureBuilt } from './build';

/** What the extension costs a page whose chart is panned without pause, against the same page without it. */
export interface PageResult {
  /** Median frame with the extension / median frame without, at the display's own rate. */
  frameTimeRatio: number;
  /** The same of the 95th percentile: where a dropped frame shows first. */
  frameTimeRatioP95: number;
  /** Script that the extension adds to a frame, ms. */
  scriptMsPerFrame: number;
  /** All that it adds to the main thread in a frame, ms: script, style, layout, painting. */
  taskMsPerFrame: number;
  /** Long animation frames (over 50 ms) with the extension, and without it. */
  longFrames: number;
  longFramesWithout: number;
  /** Heap that it adds to the page's isolate, all worlds, after a collection, MB. */
  heapMb: number;
  /** kB (1000 bytes) as compressed by gzip. */
  gzip: { pageWorld: number; content: number; widget: number };
  /** Frames measured on each side. */
  frames: number;
}

const address = 'https://www.binance.com/en/futures/BTCUSDT';

interface Segment {
  durations: number[];
  long: number;
  scriptMs: number;
  taskMs: number;
}

interface Side {
  browser: Launched;
  page: Page;
  session: CDPSession;
  segments: Segment[];
}

async function openSide(resolverPort: number, extensionDir?: string): Promise<Side> {
  const browser = await launchChromium({ resolverPort, ...(extensionDir ? { extensionDir } : {}) });
  try {
    const page = await browser.context.newPage();
    await page.goto(address);
    await page.waitForSelector('html[data-ready="chart"]', { timeout: 30_000 });
    if (extensionDir) {
      await page.waitForSelector('[data-liqbands][data-axis]', { state: 'attached', timeout: 60_000 });
    }
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    return { browser, page, session, segments: [] };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

async function seconds({ session }: Side): Promise<{ script: number; task: number }> {
  const { metrics } = await session.send('Performance.getMetrics');
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0;
  return { script: of('ScriptDuration'), task: of('TaskDuration') };
}

/**
 * Pans by one bar's width a frame, there and back; the autoscaled price axis moves with it, so that every frame makes
 * the reader read and the painter paint.
 */
async function pan(side: Side, frames: number): Promise<Segment> {
  const before = await seconds(side);
  const seen = await side.page.evaluate(
    (wanted) =>
      new Promise<{ durations: number[]; long: number }>((resolve) => {
        const { __chart: chart } = window as unknown as {
          __chart: { timeScale(): { setVisibleLogicalRange(range: { from: number; to: number }): void } };
        };
        let long = 0;
        const observer = new PerformanceObserver((list) => {
          long += list.getEntries().length;
        });
        observer.observe({ type: 'long-animation-frame' });
        const durations: number[] = [];
        let last: number | undefined;
        const step = (now: number) => {
          if (last !== undefined) durations.push(now - last);
          last = now;
          if (durations.length >= wanted) {
            observer.disconnect();
            resolve({ durations, long });
            return;
          }
          const phase = (2 * Math.PI * durations.length) / wanted;
          const from = 600 + 200 * Math.sin(phase);
          chart.timeScale().setVisibleLogicalRange({ from, to: from + 180 });
          requestAnimationFrame(step);
        };
        requestAnimationFrame(step);
      }),
    frames,
  );
  const after = await seconds(side);
  return {
    ...seen,
    scriptMs: (1000 * (after.script - before.script)) / frames,
    taskMs: (1000 * (after.task - before.task)) / frames,
  };
}

async function heapMb({ session }: Side): Promise<number> {
  for (let i = 0; i < 2; i++) await session.send('HeapProfiler.collectGarbage');
  // The usage of the isolate: the page's world and the extension's together.
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / 2 ** 20;
}

function quantile(values: number[], share: number): number {
  const ascending = [...values].sort((one, other) => one - other);
  return ascending[Math.min(ascending.length - 1, Math.floor(share * ascending.length))]!;
}

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

/**
 * Both browsers stay open and take turns in the order A B B A, so that a machine growing slower or faster weighs on both
 * alike. Frames come at the display's rate, as a reader sees them; what fits between two frames leaves no trace in
 * their duration, and is told by the script and main-thread times, which grow with the smallest addition.
 *
 * @param rounds A B B A turns.
 * @param frames Frames in each turn.
 */
export async function benchPage(rounds = 3, frames = 120): Promise<PageResult> {
  const [chrome, widget] = ensureBuilt('chrome', 'widget');
  const replay = await createReplay();
  const sides: Side[] = [];
  try {
    sides.push(await openSide(replay.port));
    sides.push(await openSide(replay.port, chrome));
    const [without, extended] = sides as [Side, Side];
    for (const side of sides) await pan(side, frames); // both compilers warm
    for (let round = 0; round < rounds; round++) {
      for (const side of [without, extended, extended, without]) {
        await side.page.bringToFront();
        side.segments.push(await pan(side, frames));
      }
    }
    const drawn = await extended.page.locator('[data-liqbands][data-axis]').count();
    if (drawn === 0) throw new Error('The bands went away while panning: nothing was measured');
    const durations = (side: Side) => side.segments.flatMap((segment) => segment.durations);
    const added = (of: (segment: Segment) => number) =>
      quantile(extended.segments.map(of), 0.5) - quantile(without.segments.map(of), 0.5);
    const ratio = (share: number) =>
      rounded(quantile(durations(extended), share) / quantile(durations(without), share), 4);
    const long = (side: Side) => side.segments.reduce((sum, segment) => sum + segment.long, 0);
    const kb = (path: string) => rounded(gzipSync(readFileSync(path), { level: 9 }).length / 1000, 2);
    return {
      frameTimeRatio: ratio(0.5),
      frameTimeRatioP95: ratio(0.95),
      scriptMsPerFrame: rounded(
        added(({ scriptMs }) => scriptMs),
        3,
      ),
      taskMsPerFrame: rounded(
        added(({ taskMs }) => taskMs),
        3,
      ),
      longFrames: long(extended),
      longFramesWithout: long(without),
      heapMb: rounded((await heapMb(extended)) - (await heapMb(without)), 2),
      gzip: {
        pageWorld: kb(join(chrome!, 'src/content/axis.iife.js')),
        content: kb(join(chrome!, 'src/content/overlay.iife.js')),
        widget: kb(join(widget!, 'liquidation-map.iife.js')),
      },
      frames: durations(extended).length,
    };
  } finally {
    for (const { browser } of sides) await browser.close();
    await replay.close();
  }
}

/** The figures for people. */
export function textOf(page: PageResult): string {
  return [
    `A chart panned for ${page.frames} frames, with the extension against without`,
    `  frame time   × ${page.frameTimeRatio} (95th percentile × ${page.frameTimeRatioP95})`,
    `  script       + ${page.scriptMsPerFrame} ms a frame`,
    `  main thread  + ${page.taskMsPerFrame} ms a frame`,
    `  over 50 ms   ${page.longFrames} frames (without: ${page.longFramesWithout})`,
    `  heap         + ${page.heapMb} MB`,
    `  gzip         page world ${page.gzip.pageWorld} kB, content ${page.gzip.content} kB, widget ${page.gzip.widget} kB`,
  ].join('\n');
}
