import type { AlignApi, AlignBar, Kind, Library, Setup, Subject } from './api';
import { chartJs } from './chart-js';
import { echarts } from './echarts';
import { formatOf } from './formats';
import { handDrawn } from './hand-drawn';
import { highcharts } from './highcharts';
import { kline } from './klinecharts';
import { forgetLabels, labelled, printed, readable, watchAll } from './labels';
import { lightweight } from './lightweight';
import { type DrawnScale, isElsewhere, overlayOf, rootsIn } from './overlays';
import { happens, ladder, seededRandom, walk } from './random';
import { uplot } from './uplot';

/**
 * Runs inside the pages that `align` opens: puts a chart into random states and compares where the overlay has a price with
 * where the library itself has it.
 */

const libraries: Record<string, Library> = {
  'lightweight-charts': lightweight,
  lwc4: lightweight,
  lwc3: lightweight,
  klinecharts: kline(10),
  klinecharts9: kline(9),
  uplot,
  'chart.js': chartJs,
  'echarts-canvas': echarts('canvas'),
  'echarts-svg': echarts('svg'),
  'hand-drawn': handDrawn,
  highcharts,
};

/** A library known here, or one that a script from outside put beside them. */
const libraryOf = (name: string): Library =>
  libraries[name] ??
  (window as unknown as { extraLibraries?: Record<string, Library> }).extraLibraries![name]!;

/** A chart on a part of the page that is scaled: its library knows nothing of that. */
function rescaled(subject: Subject, container: HTMLElement, scale: number): Subject {
  if (scale === 1) return subject;
  const origin = () => subject.origin?.() ?? container.getBoundingClientRect().top;
  return {
    ...subject,
    toY(price) {
      const y = subject.toY(price);
      return y === null ? null : origin() + (y - origin()) * scale;
    },
    toPrice: (y) => subject.toPrice(origin() + (y - origin()) / scale),
  };
}

/** How much larger than by its own reckoning a chart is shown, where its place scales it. */
const scales = [0.8, 1.25, 1.5, 2];

const frame = () => new Promise<void>((done) => requestAnimationFrame(() => done()));
/** After the frame that is being made has been presented. */
const presented = () =>
  new Promise<void>((done) => {
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => done();
      channel.port2.postMessage(0);
    });
  });

/** Prices of a second chart on the page, and rates between currencies, as multiples of the symbol's price. */
const seconds = [1.01, 1.03, 1.06, 1.12, 1.2, 1.35, 1.5, 0.97, 0.9, 0.75];
const rates = [0.86, 0.75, 1.53, 3.67, 0.92, 1.36, 1.08, 0.97];

/** Between overlay and library, px, for nine prices over the pane, or of bars where the library knows none of its pixels' prices. */
function distances(shown: DrawnScale, subject: Subject, bars: readonly AlignBar[]): number[] {
  const { top, bottom } = subject.plot();
  const distanceAt = (price: number | null): number[] => {
    const own = price !== null && price > 0 ? subject.toY(price) : null;
    return own === null ? [] : [Math.abs(shown.toY(price!) - own)];
  };
  const nine = Array.from({ length: 9 }, (_, i) => (i + 0.5) / 9);
  const errors = nine.flatMap((share) => distanceAt(subject.toPrice(top + (bottom - top) * share)));
  if (errors.length > 0) return errors;
  return nine.flatMap((share) => distanceAt(bars[Math.floor(share * bars.length)]!.close));
}

function start(): AlignApi {
  const parameters = new URLSearchParams(document.currentScript!.dataset.options);
  const seed = Number(parameters.get('seed'));
  const random = seededRandom(seed);
  const level = Number(parameters.get('level'));
  const decimals = Number(parameters.get('decimals'));
  const container = document.createElement('div');
  container.style.cssText = 'position:relative;width:800px;height:420px';
  let root: ParentNode = document;
  if (parameters.get('shadow')) {
    const host = document.createElement('chart-box');
    document.body.append(host);
    const shadow = host.attachShadow({ mode: parameters.get('shadow') as ShadowRootMode });
    for (const style of document.querySelectorAll('link, style')) shadow.append(style.cloneNode(true));
    shadow.append(container);
    root = shadow;
  } else {
    document.body.append(container);
  }
  const kind = (parameters.get('kind') ?? '') as Kind;
  const place = parameters.get('place');
  const isScaled = place === 'zoomed' || place === 'scaled';
  const shownScale = isScaled ? scales[seed % scales.length]! : 1;
  if (place === 'zoomed') container.style.zoom = String(shownScale);
  if (place === 'scaled') container.style.cssText += `transform:scale(${shownScale});transform-origin:0 0`;
  if (place === 'rtl') document.documentElement.dir = 'rtl';
  const rate = kind === 'converted' ? rates[seed % rates.length]! : 1;
  const bars = walk(level * rate, random);
  const format = formatOf(decimals, random);
  const print = (price: number): string => {
    const text = format.print(price);
    printed.set(text, price);
    return text;
  };
  const files = parameters.get('files') ?? '';
  const setup: Setup = { container, bars, decimals, random, kind, print, files };
  let subject: Subject;
  let second: Subject | undefined;
  const make = libraryOf(parameters.get('library')!);
  watchAll(rootsIn(root));
  const ready = Promise.resolve(make(setup)).then(async (made) => {
    subject = rescaled(made, container, shownScale);
    if (kind === 'second') {
      const other = document.createElement('div');
      container[happens(random, 0.5) ? 'before' : 'after'](other);
      const bars = walk(level * seconds[seed % seconds.length]!, random);
      second = await make({ ...setup, container: other, bars });
    }
    await frame();
    await presented();
  });
  /** Whether anyone who sees the labels could draw bands here. */
  const isDrawable = (scale: string, lines: number[]): boolean =>
    (scale === 'linear' || scale === 'log') &&
    readable(subject, setup, format) &&
    labelled(subject, root, lines);
  return {
    ready,
    opening: () =>
      overlayOf(root, subject) !== undefined
        ? 'drawn'
        : kind !== 'converted' && isDrawable('linear', [])
          ? 'due'
          : 'none',
    async next() {
      watchAll(rootsIn(root));
      forgetLabels();
      const { scale: ownScale, note } = await subject.shuffle();
      const scale = kind === 'converted' ? 'other' : ownScale;
      await second?.shuffle();
      // The page's layout moved.
      if (second) window.dispatchEvent(new Event('resize'));
      const lines = kind === 'ladder' ? ladder(setup) : [];
      if (kind === 'ladder') subject.lines?.(lines);
      await frame();
      await frame();
      await presented();
      const shown = overlayOf(root, subject);
      const stray = isElsewhere(root, subject);
      const drawable = isDrawable(scale, lines);
      const errors = shown && scale !== 'other' ? distances(shown, subject, setup.bars) : [];
      const size = `${container.clientWidth}×${container.clientHeight}`;
      const told = [note, format.note, size, lines.length ? `${lines.length} lines` : '']
        .filter(Boolean)
        .join(' ');
      if (stray) return { drawable, note: `${told} stray`, drawn: true, errors: [] };
      return { drawable, note: told, drawn: shown !== undefined, errors };
    },
    async pan(frames) {
      let late = 0;
      let counted = 0;
      for (let i = 0; i < frames; i++) {
        await subject.nudge(i / frames);
        await presented();
        const shown = overlayOf(root, subject);
        const { top, bottom } = subject.plot();
        const price = subject.toPrice((top + bottom) / 2);
        const own = price !== null ? subject.toY(price) : null;
        if (!shown || own === null) continue;
        counted++;
        if (Math.abs(shown.toY(price!) - own) > 1.5) late++;
      }
      return { frames: counted, late };
    },
  };
}

(window as unknown as { align: AlignApi }).align = start();
