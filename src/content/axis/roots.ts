/** What an axis may be read from, and the parts of a page that a query does not enter by itself. */

export type Source = HTMLCanvasElement | SVGSVGElement;

type Opened = Element & { openOrClosedShadowRoot?: ShadowRoot | null };

/**
 * The root that an element hosts, open or closed: Firefox has a property of its own for it. Chrome throws for elements
 * of other kinds, among which are names with a hyphen, as SVG's `font-face`.
 */
export const shadowOf = (element: Element): ShadowRoot | null | undefined =>
  element.shadowRoot ??
  (element as Opened).openOrClosedShadowRoot ??
  (element instanceof HTMLElement ? globalThis.chrome?.dom?.openOrClosedShadowRoot(element) : undefined);

/** What holds an element, up through shadow roots. */
export const parentOf = (node: Element): Element | null => {
  const root = node.getRootNode();
  return node.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
};

/** Of elements that hosted nothing so far, about as many are asked in one search, others in the next: each costs microseconds. */
const mostAsked = 5000;
const hosts = new WeakSet<Element>();
/** How often each root was searched: a count of all together would come round with them, and leave some elements out for ever. */
const searches = new WeakMap<ParentNode, number>();
let customElements: XPathExpression | undefined;

/** Those with a hyphen in their name. XPath finds them in a tenth of the time of a walk, but does not enter fragments. */
function customElementsOf(root: ParentNode): Element[] {
  if (!(root instanceof Document))
    return [...root.querySelectorAll('*')].filter(({ localName }) => localName.includes('-'));
  customElements ??= new XPathEvaluator().createExpression('//*[contains(local-name(),"-")]');
  const found = customElements.evaluate(root, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE);
  return Array.from({ length: found.snapshotLength }, (_, i) => found.snapshotItem(i) as Element);
}

/** A document or shadow root, and the shadow roots of the custom elements in it. */
export function* rootsOf(root: ParentNode): Generator<ParentNode> {
  yield root;
  const elements = customElementsOf(root);
  const every = Math.ceil(elements.length / mostAsked);
  const turn = searches.get(root) ?? 0;
  searches.set(root, turn + 1);
  for (const [i, element] of elements.entries()) {
    const shadow = (hosts.has(element) || (i + turn) % every === 0) && shadowOf(element);
    if (!shadow) continue;
    hosts.add(element);
    yield* rootsOf(shadow);
  }
}
