import { beforeAll, describe, expect, it, vi } from 'vitest';
import { readAxisMessage } from '../../../src/content/axis/axis-message';

/** Canvases as far as the reader looks at them: one pixel of text is as wide as its font is high. */

const size = (font: string): number => Number(/(\d+)px/.exec(font)![1]);
let fontsAsked = 0;
/** ms */
let time = 0;

class Surface extends EventTarget {
  context: Context2d | undefined;
  get isConnected(): boolean {
    return true;
  }
  get lastChild(): null {
    return null;
  }
  get nodeValue(): null {
    return null;
  }
  appendChild(): void {}
  removeChild(): void {}
  createComment(): void {}
}

class Canvas extends Surface {
  #width = 300;
  get width(): number {
    return this.#width;
  }
  set width(value: number) {
    this.#width = value;
    this.context!.forget();
  }
  get height(): number {
    return 200;
  }
  set height(_: number) {
    this.context!.forget();
  }
}

class Metrics {
  constructor(
    readonly px: number,
    readonly length: number,
  ) {}
  get actualBoundingBoxAscent(): number {
    return this.px;
  }
  get actualBoundingBoxDescent(): number {
    return 0;
  }
  get width(): number {
    return this.px * this.length;
  }
}

class Matrix {
  get a(): number {
    return 1;
  }
  get b(): number {
    return 0;
  }
  get c(): number {
    return 0;
  }
  get d(): number {
    return 1;
  }
  get e(): number {
    return 0;
  }
  get f(): number {
    return 0;
  }
}

class Context2d {
  #font = '10px a';
  #stack: string[] = [];
  constructor(private readonly surface: Canvas) {}
  forget(): void {
    this.#font = '10px a';
    this.#stack = [];
  }
  get canvas(): Canvas {
    return this.surface;
  }
  get font(): string {
    fontsAsked++;
    return this.#font;
  }
  set font(value: string) {
    if (/^\d+px/.test(value)) this.#font = value;
  }
  get textBaseline(): string {
    return 'middle';
  }
  get textAlign(): string {
    return 'start';
  }
  get fillStyle(): string {
    return '#fff';
  }
  getTransform(): Matrix {
    return new Matrix();
  }
  measureText(text: string): Metrics {
    return new Metrics(size(this.#font), text.length);
  }
  isPointInPath(): boolean {
    return false;
  }
  save(): void {
    this.#stack.push(this.#font);
  }
  restore(): void {
    this.#font = this.#stack.pop() ?? this.#font;
  }
  reset(): void {
    this.forget();
  }
  /** Not known to the reader. */
  get real(): string {
    return this.#font;
  }
  fillText(_text: string, _x: number, _y: number): void {}
  moveTo(..._args: unknown[]): void {}
  lineTo(..._args: unknown[]): void {}
  fillRect(..._args: unknown[]): void {}
  strokeText(): void {}
  clearRect(): void {}
  drawImage(): void {}
  rect(): void {}
  clip(): void {}
}

const channel = 'channel';
/** What the page has of its own. */
const page: { tvWidget?: unknown } = {};

function canvas(): { context: Context2d; said: unknown[] } {
  const surface = new Canvas();
  const context = new Context2d(surface);
  surface.context = context;
  const said: unknown[] = [];
  surface.addEventListener(channel, (event) => said.push((event as CustomEvent).detail));
  return { context, said };
}

beforeAll(async () => {
  vi.stubGlobal('CanvasRenderingContext2D', Context2d);
  vi.stubGlobal('HTMLCanvasElement', Canvas);
  vi.stubGlobal('Node', Surface);
  vi.stubGlobal('Document', Surface);
  vi.stubGlobal('DOMMatrixReadOnly', Matrix);
  vi.stubGlobal('TextMetrics', Metrics);
  vi.stubGlobal('Performance', { prototype: { now: () => time } });
  vi.stubGlobal('window', page);
  vi.stubGlobal('self', globalThis);
  const { watchText } = await import('../../../src/content/page-world/text');
  const { openChannel } = await import('../../../src/content/page-world/records');
  watchText();
  openChannel(channel);
});

/** A paint, as it is told. */
async function painted({ context, said }: ReturnType<typeof canvas>, paint: (context: Context2d) => void) {
  said.length = 0;
  paint(context);
  await Promise.resolve();
  return readAxisMessage(said[0])!.labels;
}

describe('how a label looks', () => {
  const column = (context: Context2d, top: number) => {
    for (let i = 0; i < 20; i++) context.fillText(`${100 + i}`, 5, top + 8 * i);
  };

  it('is not asked again for one that moves along its column or row, and is for a while', async () => {
    const chart = canvas();
    time += 1000;
    await painted(chart, (context) => column(context, 20));
    fontsAsked = 0;
    for (let i = 1; i <= 5; i++) {
      const labels = await painted(chart, (context) => column(context, 20 + i));
      expect(labels.map(({ y }) => y)).toEqual(Array.from({ length: 20 }, (_, k) => 15 + i + 8 * k));
    }
    const moved = await painted(chart, (context) => context.fillText('100', 9, 25));
    expect(moved[0]).toMatchObject({ x: 9, y: 20 });
    expect(fontsAsked).toBe(0);
    time += 300;
    await painted(chart, (context) => column(context, 20));
    await painted(chart, (context) => column(context, 21));
    expect(fontsAsked).toBe(20);
  });

  it('is asked for one that is elsewhere, on another canvas, new, or the second of its text', async () => {
    const [chart, other] = [canvas(), canvas()];
    time += 1000;
    await painted(chart, (context) => column(context, 20));
    await painted(chart, (context) => column(context, 21));
    chart.context.font = '14px a';
    const second = await painted(chart, (context) => {
      context.fillText('100', 5, 30);
      context.fillText('100', 5, 60);
      context.fillText('99', 5, 90);
    });
    expect(second.map(({ height }) => height)).toEqual([10, 14, 14]);
    other.context.font = '16px a';
    const [label] = await painted(other, (context) => column(context, 30));
    expect(label!.height).toBe(16);
    expect(await painted(chart, (context) => context.fillText('100', 6, 31))).toMatchObject([{ height: 14 }]);
  });

  it('is asked anew on a canvas that was emptied', async () => {
    const chart = canvas();
    time += 1000;
    await painted(chart, (context) => column(context, 20));
    await painted(chart, (context) => column(context, 21));
    const after = await painted(chart, (context) => {
      context.canvas.width = 300;
      context.font = '14px a';
      context.fillText('100', 5, 20);
    });
    expect(after).toMatchObject([{ height: 14 }]);
  });
});

describe('the font of a label', () => {
  it('is that which is in force, however it came about', async () => {
    const charts = [canvas(), canvas()];
    let seed = 7;
    const chance = (count: number) => {
      seed = (seed * 16_807) % 2_147_483_647;
      return seed % count;
    };
    const styles = new Map<string, number>();
    let told = 0;
    for (let paint = 0; paint < 300; paint++) {
      const expected = charts.map(() => [] as { text: string; font: string }[]);
      for (let step = 0; step < 24; step++) {
        const which = chance(2);
        const { context } = charts[which]!;
        const at = expected[which]!;
        const act = chance(9);
        if (act === 0) context.font = `${10 + chance(5)}px ${chance(2) ? 'a' : 'b'}`;
        else if (act === 1) context.save();
        else if (act === 2) context.restore();
        else if (act === 3 && chance(3) === 0) context.reset();
        else if (act === 4 && chance(5) === 0) {
          // Empties the canvas as well.
          if (chance(2)) context.canvas.width = 300;
          else context.canvas.height = 200;
          at.length = 0;
        } else {
          const text = `${1000 + step}.${paint}`;
          context.fillText(text, 5, 20 + 8 * step);
          at.push({ text, font: context.real });
        }
      }
      for (const { said } of charts) said.length = 0;
      await Promise.resolve();
      for (const [i, { said }] of charts.entries()) {
        const message = readAxisMessage(said[0]);
        if (!message) continue;
        told++;
        expect(message.labels.map(({ text }) => text)).toEqual(expected[i]!.map(({ text }) => text));
        for (const [k, { width, height, style }] of message.labels.entries()) {
          const { text, font } = expected[i]![k]!;
          expect([width, height]).toEqual([size(font) * text.length, size(font)]);
          expect(style).toBe(styles.get(font) ?? style);
          styles.set(font, style);
        }
      }
    }
    expect(told).toBeGreaterThan(500);
    expect(new Set(styles.values()).size).toBe(styles.size);
  });
});

describe('a canvas that the overlay has no use for', () => {
  /** What is told of so many paints, 16 ms apart, each with other numbers. */
  async function paint(context: Context2d, said: unknown[], paints: number): Promise<number> {
    said.length = 0;
    for (let i = 0; i < paints; i++) {
      for (let k = 0; k < 5; k++) context.fillText(`${time + k}`, 5, 20 + 20 * k);
      await Promise.resolve();
      time += 16;
    }
    return said.length;
  }

  it('is looked at a few times a second while it is painted without pause', async () => {
    const { context, said } = canvas();
    context.canvas.addEventListener(channel, (event) => event.preventDefault());
    expect(await paint(context, said, 120)).toBe(120);
    expect(await paint(context, said, 60)).toBeLessThanOrEqual(4);
    // What is painted once in a while is told each time.
    for (let i = 0; i < 3; i++) {
      time += 1000;
      expect(await paint(context, said, 1)).toBe(1);
    }
    expect(readAxisMessage(said[0])?.labels).toHaveLength(5);
  });

  it('is not read again and again where it stays as it is', async () => {
    const { context, said } = canvas();
    for (let i = 0; i < 400; i++) {
      // The overlay comes after the finder, which has heard it.
      if (i === 5) context.canvas.addEventListener(channel, (event) => event.preventDefault());
      if (i === 370) fontsAsked = 0;
      context.font = '12px a';
      for (let k = 0; k < 5; k++) context.fillText(`${k}`, 5, 20 + 20 * k);
      await Promise.resolve();
      time += 16;
    }
    expect(said.length).toBeLessThan(20);
    expect(fontsAsked / 5).toBeLessThanOrEqual(3);
  });

  it('is told in each paint again once it is of use', async () => {
    const { context, said } = canvas();
    const refuse = (event: Event) => event.preventDefault();
    context.canvas.addEventListener(channel, refuse);
    await paint(context, said, 180);
    context.canvas.removeEventListener(channel, refuse);
    time += 1000;
    expect(await paint(context, said, 60)).toBe(60);
  });

  it('does not rest where it was of use in between', async () => {
    const { context, said } = canvas();
    let count = 0;
    context.canvas.addEventListener(channel, (event) => {
      if (++count % 100 > 0) event.preventDefault();
    });
    expect(await paint(context, said, 300)).toBe(300);
  });
});

describe('a charting library that tells of its prices', () => {
  const library = {
    activeChart: () => ({
      getPanes: () => [
        {
          getHeight: () => 400,
          getRightPriceScales: () => [
            { getVisiblePriceRange: () => ({ from: 60_000, to: 68_000 }), getMode: () => 0 },
          ],
        },
      ],
    }),
  };
  const told = { height: 400, from: 60_000, to: 68_000, mode: 0 };
  let paints = 0;
  /** No two paints are alike: the same is not told again. */
  const paint = async (chart: ReturnType<typeof canvas>) => {
    await painted(chart, (context) => {
      paints++;
      for (let i = 0; i < 3; i++) context.fillText(`${60_000 + paints + 100 * i}`, 10, 20 * i);
    });
    return readAxisMessage(chart.said[0])!.library;
  };

  it('is looked for four times a second where the page has painted often without one, and then asked in each paint', async () => {
    const chart = canvas();
    for (let i = 0; i < 130; i++) expect(await paint(chart)).toBeUndefined();
    page.tvWidget = library;
    expect(await paint(chart)).toBeUndefined();
    time += 251;
    expect(await paint(chart)).toEqual(told);
    expect(await paint(chart)).toEqual(told);
    delete page.tvWidget;
    expect(await paint(chart)).toBeUndefined();
  });

  it('that answers with a page’s element of its name, or throws, keeps nothing from being read', async () => {
    const chart = canvas();
    for (const odd of [
      new EventTarget(),
      {
        activeChart: () => {
          throw new Error('no');
        },
      },
    ]) {
      time += 251;
      page.tvWidget = odd;
      expect(await paint(chart)).toBeUndefined();
      page.tvWidget = library;
      expect(await paint(chart)).toEqual(told);
    }
    delete page.tvWidget;
  });
});

describe('gridlines', () => {
  it('are seen as lines and as thin rectangles; what is no plain number is never asked for its value', async () => {
    const { watchGridlines } = await import('../../../src/content/page-world/gridlines');
    watchGridlines();
    const chart = canvas();
    let asked = 0;
    const odd = { valueOf: () => ++asked };
    await painted(chart, (context) => {
      context.moveTo(0, 40.5);
      context.lineTo(300, 40.5);
      context.fillRect(0, 80, 300, 1);
      context.moveTo(odd, 60);
      context.lineTo(300, 60);
      context.moveTo(0, 70);
      context.lineTo(odd, 70);
      context.lineTo(300, odd);
      context.fillRect(odd, 100, 300, odd);
      context.fillRect(0, 120, 300);
    });
    expect(readAxisMessage(chart.said.at(-1))!.lines).toEqual([40.5, 80.5]);
    expect(asked).toBe(0);
  });
});
