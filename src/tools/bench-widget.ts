import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { build } from 'vite';
import { type Launched, launchChromium } from './browser';
import { ensureBuilt } from './build';

/** What the widget costs a page: its heatmap beside the library's own way, its weight, and how soon it can be used. */
export interface WidgetResult {
  /** CPU time of script in a frame while 8,640 columns of 400 rows are panned and zoomed, 99th percentile, ms. */
  frameMsP99: number;
  /** The same by one rectangle a cell, as the library's example has it: one frame, ms. */
  exampleFrameMs: number;
  ratio: number;
  /** kB (1000 bytes) of the script as compressed by gzip. */
  gzipKb: number;
  /** From the begin of navigation to the first chart that answers, on a snapshot, at 4× CPU slowdown: median of five, ms. */
  interactiveMs: number;
  /** As browsers count it. */
  layoutShift: number;
}

/** Frames of each. The example takes seconds for one. */
const turns = { widget: 240, example: 1 };
const loads = 5;
const slowdown = 4;

/** Measures in a browser. */
export async function benchWidget(): Promise<WidgetResult> {
  const [folder] = ensureBuilt('widget') as [string];
  const script = readFileSync(join(folder, 'liquidation-map.iife.js'));
  const browser = await launchChromium();
  try {
    const { frameMsP99, exampleFrameMs } = await heatmaps(browser);
    const { interactiveMs, layoutShift } = await firstUse(browser, script);
    const gzipKb = gzipSync(script, { level: 9 }).length / 1000;
    return {
      frameMsP99,
      exampleFrameMs,
      ratio: exampleFrameMs / frameMsP99,
      gzipKb,
      interactiveMs,
      layoutShift,
    };
  } finally {
    await browser.close();
  }
}

async function heatmaps({ context }: Launched): Promise<Pick<WidgetResult, 'frameMsP99' | 'exampleFrameMs'>> {
  const page = await context.newPage();
  await page.setContent('<!doctype html><body>');
  await page.addScriptTag({ content: await benchScript() });
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const scriptMs = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'ScriptDuration')!.value * 1000;
  };
  const run = async (which: keyof typeof turns, count: number) => {
    await page.evaluate((name) => (window as unknown as BenchPage).bench.open(name), which);
    const taken: number[] = [];
    for (let k = 0; k < count; k++) {
      const before = await scriptMs();
      await page.evaluate(([at, of]) => (window as unknown as BenchPage).bench.step(at, of), [
        k,
        count,
      ] as const);
      taken.push((await scriptMs()) - before);
    }
    return taken;
  };
  const widget = await run('widget', turns.widget);
  const example = await run('example', turns.example);
  await page.close();
  return { frameMsP99: at(widget, 0.99), exampleFrameMs: at(example, 0.5) };
}

/** As `src/tools/bench-widget/page.ts` has it. */
interface BenchPage {
  bench: {
    open(which: keyof typeof turns): Promise<void>;
    step(k: number, count: number): Promise<void>;
  };
}

const at = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]!;

async function benchScript(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: {
      write: false,
      target: 'es2023',
      lib: { entry: 'src/tools/bench-widget/page.ts', formats: ['iife'], name: 'Bench' },
    },
  });
  const { output } = [built].flat()[0] as Extract<typeof built, { output: unknown }>;
  return output[0].code;
}

/** Loads a page with the widget on the snapshot of the documentation, as a slow telephone would. */
async function firstUse(
  { context }: Launched,
  script: Buffer,
): Promise<Pick<WidgetResult, 'interactiveMs' | 'layoutShift'>> {
  const snapshot = readFileSync('docs/snapshots/eth.json');
  const html =
    '<!doctype html><meta charset=utf-8><title>Bench</title><p>Before</p><script src="widget.js"></script>' +
    '<liquidation-map symbol="ETH" src="eth.json" mode="heatmap"></liquidation-map><p>After</p>';
  const files: Record<string, [string, string | Buffer]> = {
    '/': ['text/html', html],
    '/widget.js': ['text/javascript', script],
    '/eth.json': ['application/json', snapshot],
  };
  const server = createServer(({ url = '' }, response) => {
    const [type, content] = files[url] ?? ['text/plain', ''];
    response.setHeader('content-type', type).end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const page = await context.newPage();
  try {
    await prepare(page);
    const taken: { ms: number; shift: number }[] = [];
    for (let k = 0; k < loads; k++) {
      await page.goto(address);
      taken.push(
        await page.evaluate(
          () => (window as unknown as { used: Promise<{ ms: number; shift: number }> }).used,
        ),
      );
    }
    return {
      interactiveMs: at(
        taken.map(({ ms }) => ms),
        0.5,
      ),
      layoutShift: Math.max(...taken.map(({ shift }) => shift)),
    };
  } finally {
    await page.close();
    server.close();
  }
}

/** Slows the page down, and has it note when a task can run after the first drawing, and what has moved by then. */
async function prepare(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  await page.addInitScript(() => {
    let shift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shift += (entry as unknown as { value: number }).value;
    }).observe({ type: 'layout-shift', buffered: true });
    const used = new Promise((resolve) => {
      addEventListener('liquidation-map:update', () =>
        requestAnimationFrame(() => setTimeout(() => resolve({ ms: performance.now(), shift }))),
      );
    });
    Object.assign(window, { used });
  });
}

export function textOf(result: WidgetResult): string {
  const { frameMsP99, exampleFrameMs, ratio, gzipKb, interactiveMs, layoutShift } = result;
  return [
    `heatmap of 8,640 × 400: ${frameMsP99.toFixed(2)} ms of script a frame (p99), one rectangle a cell ${exampleFrameMs.toFixed(0)} ms: ${ratio.toFixed(0)}×`,
    `script ${gzipKb.toFixed(1)} kB gzip`,
    `usable after ${interactiveMs.toFixed(0)} ms at 4× slowdown, layout shift ${layoutShift.toFixed(3)}`,
  ].join('\n');
}
