import type { AxisMessage } from './axis-message';
import type { Label, Rectangle } from './page-world/records';

/** Charts drawn as SVG: their labels are elements, readable without any help from the page's world. */

const most = { texts: 160, characters: 24, clips: 6, lines: 64 };
const smallest = { width: 150, height: 100 };
const aligned: Record<string, number> = { start: 0, middle: 1, end: 2 };
const watched = ['x', 'y', 'd', 'transform', 'width', 'height'];

/** Where a text hangs by its middle, the y it was given; undefined for other texts. */
function anchorOf(text: SVGTextElement, baseline: string, top: number): number | undefined {
  const matrix = baseline === 'central' || baseline === 'middle' ? text.getScreenCTM() : null;
  if (!matrix || text.hasAttribute('dy')) return undefined;
  const [x, y] = [Number(text.getAttribute('x')), Number(text.getAttribute('y'))];
  return matrix.b * x + matrix.d * y + matrix.f - top;
}

/** What a text shows: tooltips and descriptions inside it are not drawn. */
function shownIn(text: Element): string {
  let shown = '';
  for (const node of text.childNodes) {
    if (node.nodeType === 3) shown += node.nodeValue;
    else if (node.nodeName !== 'title' && node.nodeName !== 'desc') shown += shownIn(node as Element);
  }
  return shown;
}

function readLabel(text: SVGTextElement, frame: DOMRect): Label | undefined {
  const content = shownIn(text).trim();
  if (content.length === 0 || content.length > most.characters || !/\d/.test(content)) return undefined;
  const rect = text.getBoundingClientRect();
  if (rect.width === 0) return undefined;
  const { textAnchor, dominantBaseline } = getComputedStyle(text);
  const align = aligned[textAnchor] ?? 0;
  const centre = (rect.top + rect.bottom) / 2 - frame.top;
  return {
    text: content,
    x: rect.left + (rect.width * align) / 2 - frame.left,
    y: centre,
    anchor: anchorOf(text, dominantBaseline, frame.top) ?? centre,
    align,
    width: rect.width,
    height: rect.height,
  };
}

/** What an SVG says, in the form that canvases are told of; undefined where it is no chart. */
function readSvg(svg: SVGSVGElement, batch: number): AxisMessage | undefined {
  const frame = svg.getBoundingClientRect();
  const texts = svg.querySelectorAll('text');
  if (frame.width < smallest.width || frame.height < smallest.height || texts.length > most.texts)
    return undefined;
  const labels: Label[] = [];
  for (const text of texts) {
    const label = readLabel(text, frame);
    if (label) labels.push(label);
  }
  const clips: Rectangle[] = [];
  for (const shape of svg.querySelectorAll<SVGGraphicsElement>('clipPath > *')) {
    const { x, y, width, height } = shape.getBBox();
    if (clips.length < most.clips && width > frame.width * 0.3) clips.push([x, y, width, height]);
  }
  const lines: number[] = [];
  for (const line of svg.querySelectorAll<SVGGraphicsElement>('line, path')) {
    if (lines.length >= most.lines) break;
    const { width, height } = line.getBBox();
    if (height !== 0 || width < frame.width * 0.25) continue;
    const rect = line.getBoundingClientRect();
    lines.push((rect.top + rect.bottom) / 2 - frame.top);
  }
  return { width: frame.width, height: frame.height, labels, clips, lines, batch };
}

export const shadowOf = (element: Element): ShadowRoot | null | undefined =>
  element.shadowRoot ?? globalThis.chrome?.dom?.openOrClosedShadowRoot(element as HTMLElement);

/** A document or shadow root, and the shadow roots of the custom elements in it. */
export function* rootsOf(root: ParentNode): Generator<ParentNode> {
  yield root;
  for (const element of root.querySelectorAll('*')) {
    const shadow = element.tagName.includes('-') && shadowOf(element);
    if (shadow) yield* rootsOf(shadow);
  }
}

/**
 * Calls back with what SVG charts say, within the task that changed them.
 *
 * @returns Looks for charts that are new on the page, as it does once a second by itself.
 */
export function followSvgs(
  tell: (svg: SVGSVGElement, message: AxisMessage) => void,
  signal: AbortSignal,
): () => void {
  const known = new WeakSet<SVGSVGElement>();
  let batch = 0;

  function follow(svg: SVGSVGElement): void {
    known.add(svg);
    const read = () => {
      const message = readSvg(svg, -++batch);
      if (message) tell(svg, message);
    };
    const changes = new MutationObserver(read);
    changes.observe(svg, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
      attributeFilter: watched,
    });
    signal.addEventListener('abort', () => changes.disconnect());
    read();
  }

  const sweep = () => {
    for (const root of rootsOf(document)) {
      for (const svg of root.querySelectorAll('svg')) {
        if (!known.has(svg) && svg.querySelectorAll('text').length >= 3) follow(svg);
      }
    }
  };
  const timer = setInterval(sweep, 1000);
  document.addEventListener('DOMContentLoaded', sweep, { signal });
  signal.addEventListener('abort', () => clearInterval(timer));
  return sweep;
}
