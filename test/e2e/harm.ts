import type { CDPSession, Page } from 'playwright-core';

/** What {@link Watched.slowness} takes on that machine, ms. */
const referenceMs = 7;

/** A bound that grew further with a slow machine would hold whatever we did: a share is 1 at most. */
export const slower = (times: number): number => Math.min(3, Math.max(1, times));

/** What a page makes our scripts do in it, measured by the debugger, which the page can neither see nor mislead. */
export class Watched {
  private constructor(
    readonly page: Page,
    private readonly session: CDPSession,
  ) {}

  static async open(page: Page): Promise<Watched> {
    const session = await page.context().newCDPSession(page);
    await session.send('Profiler.enable');
    return new Watched(page, session);
  }

  /** Evaluates in the page's world without any helper that the page could have broken; promises are awaited. */
  async run<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.session.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value as T;
  }

  /**
   * How many times longer this machine takes for a fixed piece of work than the one that the bounds on shares of a given
   * time were set on; 1 to 3. What else the machine does meanwhile counts, as it does for our scripts.
   */
  async slowness(): Promise<number> {
    const taken = await this.run<number>(`(() => {
      const times = [];
      for (let turn = 0; turn < 5; turn++) {
        const start = performance.now();
        const box = document.createElement('div');
        for (let i = 0; i < 10000; i++) box.append(document.createElement('b'));
        let sum = 0;
        for (const element of box.querySelectorAll('b')) sum += element.isConnected ? 1 : 2;
        times.push(performance.now() - start + 0 * sum);
      }
      return times.sort((a, b) => a - b)[2];
    })()`);
    return slower(taken / referenceMs);
  }

  /** Share of the time that `harm` takes in which our scripts run, and what it evaluates to. */
  async ours<T>(harm: string): Promise<{ share: number; result: T }> {
    await this.session.send('Profiler.start');
    const result = await this.run<T>(harm);
    const { profile } = await this.session.send('Profiler.stop');
    const ours = new Set<number>();
    const children = new Map(profile.nodes.map((node) => [node.id, node]));
    const mark = (id: number, inside: boolean) => {
      const node = children.get(id)!;
      const isOurs = inside || /^(chrome|moz)-extension:/.test(node.callFrame.url);
      if (isOurs) ours.add(id);
      for (const child of node.children ?? []) mark(child, isOurs);
    };
    mark(profile.nodes[0]!.id, false);
    const spent = (profile.samples ?? []).reduce(
      (sum, id, i) => sum + (ours.has(id) ? profile.timeDeltas![i]! : 0),
      0,
    );
    return { share: spent / (profile.endTime - profile.startTime), result };
  }
}

/** A page with a chart drawn by hand, an axis canvas beside a pane canvas, and `before` run once it can be drawn. */
export const chart = (before: string) => `<!doctype html><title>x</title>
<body style="margin:0;background:#fff"><div id="box" style="position:relative;width:860px;height:400px">
<canvas id="pane" width="800" height="400" style="position:absolute;left:0;top:0;width:800px;height:400px"></canvas>
<canvas id="axis" width="60" height="400" style="position:absolute;left:800px;top:0;width:60px;height:400px"></canvas></div>
<script nonce="n">
var axis = document.getElementById('axis').getContext('2d');
var low = 0, high = 1;
window.toY = (price) => 400 * (high - price) / (high - low);
function draw(from, to) {
  low = from; high = to;
  axis.clearRect(0, 0, 60, 400);
  axis.font = '12px sans-serif';
  axis.textBaseline = 'middle';
  const step = (high - low) / 8;
  for (let i = 1; i < 8; i++) axis.fillText((low + i * step).toFixed(1), 4, toY(low + i * step));
}
</script><script nonce="n">${before}</script></body>`;

/** Written with care: it has to stand on what it breaks. */
export const breakage = `
  window.trouble = { __proto__: null, count: 0, last: '' };
  addEventListener('error', (event) => { trouble.count++; trouble.last = event.message; });
  addEventListener('unhandledrejection', () => { trouble.count++; });
  const { defineProperty, ownKeys, getOwnPropertyDescriptor } = Reflect;
  const planted = (name) => function () { trouble.count++; trouble.last = name; throw new Error('planted'); };
  const parts = [Reflect, JSON, Math];
  for (const type of [Array, Function, String, RegExp, Promise, Map, WeakMap, Set, EventTarget, Event, CustomEvent, DOMMatrixReadOnly, TextMetrics, Path2D, ImageBitmap])
    parts.push(type.prototype);
  const names = ['get', 'set', 'value', 'apply', 'configurable', 'writable', 'bubbles', 'cancelable', 'composed', 'labels', 'clips'];
  const globals = ['CustomEvent', 'WeakMap', 'Map', 'Proxy', 'Reflect', 'queueMicrotask', 'MutationObserver', 'ResizeObserver', 'JSON', 'Promise', 'Number'];
  for (let i = 0; i < parts.length; i++) {
    const keys = ownKeys(parts[i]);
    for (let k = 0; k < keys.length; k++) {
      const key = keys[k];
      if (key === 'constructor' || key === 'length' || typeof key === 'symbol' && key !== Symbol.iterator) continue;
      if (!getOwnPropertyDescriptor(parts[i], key).configurable) continue;
      const broken = planted(key === Symbol.iterator ? 'iterator' : key);
      defineProperty(parts[i], key, { __proto__: null, configurable: true, get: () => broken });
    }
  }
  for (let i = 0; i < globals.length; i++)
    defineProperty(window, globals[i], { __proto__: null, configurable: true, value: planted(globals[i]) });
  for (let i = 0; i < names.length; i++)
    defineProperty(Object.prototype, names[i], { __proto__: null, configurable: true, get: planted(names[i]), set: planted(names[i]) });
  for (let i = 0; i < 200; i++)
    defineProperty(parts[3], i, { __proto__: null, configurable: true, get: planted('read'), set: planted('write') });
`;
