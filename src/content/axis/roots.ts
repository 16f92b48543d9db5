/** What an axis may be read from, and the parts of a page that a query does not enter by itself. */

export type Source = HTMLCanvasElement | SVGSVGElement;

type Opened = Element & { openOrClosedShadowRoot?: ShadowRoot | null };

/** The root that an element hosts, open or closed: Firefox has a property of its own for it. */
export const shadowOf = (element: Element): ShadowRoot | null | undefined =>
  element.shadowRoot ??
  (element as Opened).openOrClosedShadowRoot ??
  globalThis.chrome?.dom?.openOrClosedShadowRoot(element as HTMLElement);

/** A document or shadow root, and the shadow roots of the custom elements in it. */
export function* rootsOf(root: ParentNode): Generator<ParentNode> {
  yield root;
  for (const element of root.querySelectorAll('*')) {
    const shadow = element.tagName.includes('-') && shadowOf(element);
    if (shadow) yield* rootsOf(shadow);
  }
}
