import type { Library, Setup, Shuffled } from './api';

/**
 * Runs inside the pages that `align` opens, a chart drawn by hand on a canvas, as exchanges have
 * of their own, with every habit of tags that libraries were seen to have.
 */

interface View {
  low: number;
  high: number;
  log: boolean;
  inverted: boolean;
  width: number;
  height: number;
  lines: number[];
}

const strip = 84;
const steps = [1, 2, 2.5, 5];
export const handDrawn: Library = ({ container, bars, decimals, random, print }: Setup) => {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const inkOfTags = pick(['#fff', '#fff', '#555']);
  const box = pick(['rect', 'path', 'round']);
  const rows = pick([1, 1, 2]);
  const tagHeight = rows === 1 ? pick([16, 18, 20]) : pick([34, 40]);
  const isPushed = random() < 0.8;
  const canvases = [0, 1].map(() => document.createElement('canvas'));
  const [pane, axis] = canvases as [HTMLCanvasElement, HTMLCanvasElement];
  for (const canvas of canvases) canvas.style.position = 'absolute';
  container.style.position = 'relative';
  container.append(...canvases);
  let view: View = { low: 0, high: 1, log: false, inverted: false, width: 900, height: 420, lines: [] };

  const g = (price: number) => (view.log ? Math.log(price) : price);
  const toY = (price: number) => {
    const share = (g(view.high) - g(price)) / (g(view.high) - g(view.low));
    return (view.inverted ? 1 - share : share) * view.height;
  };
  const toPrice = (y: number) => {
    const share = view.inverted ? 1 - y / view.height : y / view.height;
    const u = g(view.high) - share * (g(view.high) - g(view.low));
    return view.log ? Math.exp(u) : u;
  };

  function ticks(): number[] {
    const found: number[] = [];
    const wanted = Math.max(3, Math.floor(view.height / 45));
    if (view.log) {
      for (let i = 1; i < wanted; i++) found.push(toPrice((i * view.height) / wanted));
      return found.map((price) => Number(price.toFixed(decimals)));
    }
    const rough = (view.high - view.low) / wanted;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = [...steps.map((nice) => nice * power), 10 * power].find((nice) => nice >= rough)!;
    for (let i = Math.ceil(view.low / step); i * step < view.high; i++) found.push(i * step);
    return found;
  }

  /** Where tags go: those that would cover each other are pushed aside, away from the middle one. */
  function places(): { price: number; y: number }[] {
    const tags = [...view.lines, bars.at(-1)!.close]
      .map((price) => ({ price, y: toY(price) }))
      .filter(({ y }) => y > 0 && y < view.height)
      .sort((one, other) => one.y - other.y);
    if (!isPushed) return tags;
    const middle = tags.findIndex(({ y }) => y >= view.height / 2);
    const from = middle < 0 ? tags.length - 1 : middle;
    for (let i = from + 1; i < tags.length; i++)
      tags[i]!.y = Math.max(tags[i]!.y, tags[i - 1]!.y + tagHeight);
    for (let i = from - 1; i >= 0; i--) tags[i]!.y = Math.min(tags[i]!.y, tags[i + 1]!.y - tagHeight);
    return tags;
  }

  function drawTag(context: CanvasRenderingContext2D, price: number, y: number): void {
    context.fillStyle = '#2962ff';
    if (box === 'rect') {
      context.fillRect(0, y - tagHeight / 2, strip, tagHeight);
    } else {
      context.beginPath();
      if (box === 'round') context.roundRect(0, y - tagHeight / 2, strip, tagHeight, 2);
      else context.rect(0, y - tagHeight / 2, strip, tagHeight);
      context.fill();
    }
    context.fillStyle = inkOfTags;
    const row = rows === 2 ? y - tagHeight / 4 : y;
    context.fillText(print(price), 8, row);
    if (rows === 2) context.fillText('01:23', 8, y + tagHeight / 4);
  }

  function paint(): void {
    const ratio = devicePixelRatio;
    for (const canvas of canvases) {
      const width = canvas === pane ? view.width - strip : strip;
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(view.height * ratio);
      canvas.style.width = `${width}px`;
      canvas.style.height = `${view.height}px`;
    }
    axis.style.left = `${view.width - strip}px`;
    const plot = pane.getContext('2d')!;
    plot.scale(ratio, ratio);
    plot.strokeStyle = '#ccc';
    for (const price of ticks()) {
      plot.beginPath();
      plot.moveTo(0, Math.round(toY(price)) + 0.5);
      plot.lineTo(view.width - strip, Math.round(toY(price)) + 0.5);
      plot.stroke();
    }
    plot.fillStyle = '#26a69a';
    for (const [i, { high, low }] of bars.slice(-100).entries())
      plot.fillRect(i * 7, Math.min(toY(high), toY(low)), 4, Math.abs(toY(low) - toY(high)));
    const context = axis.getContext('2d')!;
    context.scale(ratio, ratio);
    context.font = '12px Arial';
    context.textBaseline = 'middle';
    context.fillStyle = '#555';
    for (const price of ticks()) context.fillText(print(price), 8, toY(price));
    for (const { price, y } of places()) drawTag(context, price, y);
  }

  function range(): { low: number; high: number } {
    const middle = bars[Math.floor(random() * bars.length)]!.close;
    const half = 10 ** (-2.3 + 1.85 * random());
    return { low: middle * (1 - half), high: middle * (1 + half) };
  }

  function shuffle(): Shuffled {
    const width = Math.round(480 + 620 * random());
    const height = Math.round(260 + 360 * random());
    container.style.width = `${width}px`;
    container.style.height = `${height}px`;
    view = { ...range(), log: random() < 0.25, inverted: random() < 0.15, width, height, lines: [] };
    paint();
    const scale = view.log ? 'log' : 'linear';
    return {
      scale,
      note: `${scale}${view.inverted ? ' inverted' : ''} ${box} ${rows} rows ${inkOfTags}`,
    };
  }
  shuffle();
  const close = bars.at(-1)!.close;
  view = { ...view, low: close * 0.95, high: close * 1.04 };
  paint();

  return {
    shuffle,
    lines(lines: number[]) {
      view = { ...view, lines };
      paint();
    },
    nudge(phase: number) {
      const middle = bars[150]!.close;
      view = { ...view, low: middle * (0.93 + 0.04 * phase), high: middle * (1.02 + 0.06 * phase) };
      paint();
    },
    toY: (price: number) => pane.getBoundingClientRect().top + toY(price),
    toPrice: (y: number) => toPrice(y - pane.getBoundingClientRect().top),
    plot: () => pane.getBoundingClientRect(),
  };
};
