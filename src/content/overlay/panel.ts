import { paintBands } from '../../paint/bands';
import { type ColorScheme, fontFamily, ink, size } from '../../paint/theme';
import type { SiteSettings } from '../../protocol/settings';
import { price as priceText } from '../../ui/format';
import { part, say } from '../../ui/part';
import { t } from '../../ui/text';
import { addStyle, badgeStyle } from './badge-style';
import { pageScheme } from './chart-scheme';
import { button } from './controls';
import { type EstimateState, priceOf } from './estimate-state';
import { extrasStyle } from './extras-style';
import { coinOf, type Figures, figuresOf } from './figures';
import { hidden, setWords } from './hidden-words';

/**
 * Stands in where the page has a chart whose prices cannot be read: says why, and shows the estimate on a small chart of
 * its own. Docked at the corner of the window, as there is no place on the page's chart that is known to be right.
 */
export interface StandInPanel {
  /** @param estimate undefined while folded: nothing is asked for then */
  show(estimate: EstimateState | undefined, reason: string, folded: boolean): void;
  remove(): void;
}

export function createPanel(choose: (panel: SiteSettings['panel']) => void): StandInPanel {
  const host = part('div');
  host.setAttribute('data-liqbands-panel', '');
  host.style.cssText = 'all:initial;position:fixed;right:0;bottom:0;z-index:2147483646';
  const root = host.attachShadow({ mode: 'closed' });
  addStyle(root, badgeStyle + extrasStyle);
  const title = part('b');
  const fold = button('', '', () => choose(isFolded ? 'open' : 'folded'));
  const close = button('', '×', () => choose('closed'));
  close.title = close.ariaLabel = t('panel_close');
  const why = part('p');
  const { rows, show } = createRows();
  const canvas = part('canvas');
  canvas.role = 'img';
  const body = part('div', 'body', rows, canvas);
  const element = part('div', '', part('div', 'bar', title, fold, close), why, body);
  element.role = 'region';
  let isFolded = false;
  // The page's own shortcuts are not meant while one of our buttons has the focus.
  element.onkeydown = (event) => event.stopPropagation();
  root.append(element);

  return {
    show(estimate, reason, folded) {
      if (!host.isConnected) document.documentElement.append(host);
      const scheme = pageScheme();
      isFolded = folded;
      element.className = `panel ${scheme}${folded ? ' folded' : ''}`;
      say(title, estimate ? t('map_estimateOf', coinOf(estimate)) : t('map_estimate'));
      element.ariaLabel = title.textContent;
      say(fold, folded ? '▴' : '▾');
      fold.title = fold.ariaLabel = t(folded ? 'panel_open' : 'panel_fold');
      fold.ariaExpanded = String(!folded);
      say(why, t('panel_why', reason));
      if (!estimate || folded) return;
      show(figuresOf(estimate, Date.now()));
      canvas.hidden = !estimate.view?.closes?.prices.length || priceOf(estimate) === undefined;
      if (!canvas.hidden) {
        canvas.ariaLabel = t('panel_chart', coinOf(estimate));
        paint(canvas, estimate, scheme);
      }
    },
    remove() {
      host.remove();
    },
  };
}

/** Figures of the panel, a row for each side. */
function createRows(): { rows: HTMLElement; show(figures: Figures | undefined): void } {
  const near = {
    short: [part('b'), part('span'), part('span')],
    long: [part('b'), part('span'), part('span')],
  } as const;
  const balance = part('p', 'lead');
  const dated = part('p');
  const notices = part('div');
  const rows = part('div', '', part('div', 'rows', ...near.short, ...near.long), balance, dated, notices);
  return {
    rows,
    show(figures) {
      for (const side of ['short', 'long'] as const) {
        const [name, away, forced] = near[side];
        name.className = side;
        setWords(name, t(side === 'long' ? 'map_longs' : 'map_shorts'));
        setWords(away, figures?.near[side]?.away ?? t('badge_none'));
        setWords(forced, figures?.near[side]?.forced ?? '');
      }
      setWords(balance, figures ? figures.balance.long : t('badge_waiting'));
      setWords(dated, figures?.age.text ?? '');
      notices.replaceChildren(
        ...(figures?.notices ?? []).slice(0, 2).map((text) => hidden('p', 'notice', text)),
      );
    },
  };
}

/** CSS pixels. */
const height = 150;
const axisWidth = 62;
/** Bands reach from here to the axis, beside the price line. */
const bandsFrom = 0.6;
/** Seen of the bands on each side of the price at least. */
const reach = 0.03;

function paint(canvas: HTMLCanvasElement, estimate: EstimateState, scheme: ColorScheme): void {
  const view = estimate.view!;
  const price = priceOf(estimate)!;
  const { multiplier } = estimate.symbol;
  const prices = view.closes!.prices;
  const width = canvas.clientWidth;
  const k = devicePixelRatio;
  const plot = width - axisWidth;
  if (plot < 60) return;
  canvas.width = Math.round(width * k);
  canvas.height = Math.round(height * k);
  const context = canvas.getContext('2d')!;

  const least = Math.min(price * (1 - reach), ...prices);
  const most = Math.max(price * (1 + reach), ...prices);
  const air = (most - least) * 0.06;
  const top = most + air;
  const perPixel = (top - (least - air)) / height;
  const yOf = (value: number) => (top - value) / perPixel;

  const from = Math.round(plot * bandsFrom);
  paintBands(
    context,
    view,
    {
      priceToY: (shown) => yOf(shown / multiplier),
      yToPrice: (y) => (top - y * perPixel) * multiplier,
    },
    { x: from, y: 0, width: plot - from, height },
    {
      pixelRatio: k,
      palette: estimate.settings.palette,
      scheme,
      opacity: Math.max(0.6, estimate.settings.opacity),
      mode: 'bands',
      tiers: estimate.settings.tiers,
      threshold: estimate.settings.threshold,
      freshness: estimate.freshness,
      multiplier,
      price,
    },
  );

  const colors = ink[scheme];
  context.scale(k, k);
  context.lineJoin = 'round';
  context.strokeStyle = colors.text;
  context.beginPath();
  prices.forEach((value, i) => {
    context.lineTo(((i + 1) / (prices.length + 1)) * from, yOf(value));
  });
  context.lineTo(from, yOf(price));
  context.stroke();
  context.setLineDash([2, 3]);
  context.beginPath();
  context.moveTo(from, yOf(price));
  context.lineTo(plot, yOf(price));
  context.stroke();

  context.font = `${size.labelFont}px ${fontFamily}`;
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  const half = size.labelHeight / 2;
  const label = (value: number, color: string) => {
    context.fillStyle = color;
    context.fillText(priceText(value * multiplier), width - 2, yOf(value), axisWidth - 6);
  };
  label(price, colors.text);
  for (const y of [half, height / 2, height - half]) {
    if (Math.abs(y - yOf(price)) > size.labelHeight) label(top - y * perPixel, colors.muted);
  }
}
