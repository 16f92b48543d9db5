import type { PriceScale } from '../../paint/surface';
import { ageInk, type ColorScheme, fontFamily, ink, sideInk, size } from '../../paint/theme';
import type { PositionLines } from '../../protocol/view';
import { price as priceText } from '../../ui/format';
import { part } from '../../ui/part';
import { type TextKey, t } from '../../ui/text';
import type { Area } from './area';
import type { EstimateState } from './estimate-state';

/** The user's own positions on a chart: a line with its words for entry, stop, the rule's stop and own liquidation. */
export interface DrawnPositions {
  /** Where their words stand in the pane. */
  readonly areas: Area[];
  draw(
    positions: readonly PositionLines[],
    estimate: EstimateState,
    scale: PriceScale,
    pane: { width: number; height: number },
    look: { scheme: ColorScheme; pixelRatio: number },
  ): void;
}

interface Line {
  price: number;
  key: TextKey;
  color: string;
  dash: string;
}

interface Drawn {
  line: HTMLElement;
  words: HTMLCanvasElement;
  /** What is painted on it. */
  told: string;
  width: number;
}

const between = 4;

/** All lines of a position, in the side's words and the accents that its own page uses. */
function linesOf({ side, entry, stop, liquidation, ruledStop }: PositionLines, scheme: ColorScheme): Line[] {
  const colors = ink[scheme];
  const lines: [number | null, TextKey, string, string][] = [
    [entry, 'position_markEntry', sideInk[scheme][side], 'solid'],
    [stop, 'position_markStop', colors.text, 'dashed'],
    [ruledStop, 'position_markRule', colors.accent, 'dashed'],
    [liquidation, 'position_markLiquidation', ageInk[scheme].stale, 'solid'],
  ];
  return lines.flatMap(([price, key, color, dash]) => (price === null ? [] : [{ price, key, color, dash }]));
}

/** @param root of a layer above the chart's own drawing */
export function createPositions(root: ShadowRoot): DrawnPositions {
  const known = new Map<string, Drawn>();
  const areas: Area[] = [];

  function make(): Drawn {
    const line = part('div');
    const words = part('canvas');
    words.role = 'img';
    words.style.cssText = 'position:absolute;left:0;top:0';
    root.append(line, words);
    return { line, words, told: '', width: 0 };
  }

  /** Words are painted: text in the page can be searched by the page. */
  function write(drawn: Drawn, text: string, { color, dash }: Line, scheme: ColorScheme, k: number): void {
    const told = `${text} ${color} ${k} ${dash}`;
    if (drawn.told === told) return;
    drawn.told = told;
    drawn.line.style.cssText = `position:absolute;left:0;top:0;width:100%;border-top:1px ${dash} ${color}`;
    const context = drawn.words.getContext('2d')!;
    const font = `500 ${size.labelFont * k}px ${fontFamily}`;
    context.font = font;
    const { canvas } = context;
    canvas.width = Math.ceil(context.measureText(text).width + 2 * size.labelPadding * k);
    canvas.height = Math.round(size.labelHeight * k);
    canvas.ariaLabel = text;
    drawn.width = canvas.width / k;
    canvas.style.width = `${drawn.width}px`;
    canvas.style.height = `${size.labelHeight}px`;
    context.fillStyle = ink[scheme].plate;
    context.strokeStyle = color;
    context.lineWidth = k;
    context.beginPath();
    context.roundRect(k / 2, k / 2, canvas.width - k, canvas.height - k, 4 * k);
    context.fill();
    context.stroke();
    context.font = font;
    context.textBaseline = 'middle';
    context.fillStyle = ink[scheme].text;
    context.fillText(text, size.labelPadding * k, canvas.height / 2 + 0.5 * k);
  }

  return {
    areas,
    draw(positions, { symbol }, scale, pane, { scheme, pixelRatio }) {
      areas.length = 0;
      const seen = new Set<string>();
      positions.forEach((position, i) => {
        for (const line of linesOf(position, scheme)) {
          const y = scale.priceToY(line.price * symbol.multiplier);
          if (!(y >= 0 && y <= pane.height)) continue;
          const id = `${i} ${line.key}`;
          seen.add(id);
          const drawn = known.get(id) ?? make();
          known.set(id, drawn);
          write(drawn, t(line.key, priceText(line.price * symbol.multiplier)), line, scheme, pixelRatio);
          const row = Math.round(y * pixelRatio) / pixelRatio;
          const top = Math.min(Math.max(0, row - size.labelHeight / 2), pane.height - size.labelHeight);
          // Lines close together have their words side by side.
          let left: number = size.labelMargin;
          for (const other of areas)
            if (Math.abs(other.top - top) < size.labelHeight + size.labelGap)
              left = Math.max(left, other.left + other.width + between);
          areas.push({ left, top, width: drawn.width, height: size.labelHeight });
          drawn.line.style.transform = `translateY(${row}px)`;
          drawn.words.style.transform = `translate(${left}px,${top}px)`;
        }
      });
      for (const [id, { line, words }] of known) {
        if (seen.has(id)) continue;
        line.remove();
        words.remove();
        known.delete(id);
      }
    },
  };
}
