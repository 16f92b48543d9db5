import { parentOf } from '../axis/roots';

/**
 * What a user does, told from what a page makes up: pages can reach into our elements in Firefox, which hands out the
 * nodes of closed shadow roots with its events, and can dispatch any event on them.
 */

/** Least opacity at which something can be seen, and part of its size that it may be shrunk to. */
const leastOpacity = 0.5;
const leastScale = 0.5;

/** Whether a host stands on the page as we made it: neither see-through, filtered, clipped nor shrunk, by itself or by what holds it. */
function isUndisturbed(host: HTMLElement): boolean {
  if (!host.isConnected || !host.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
    return false;
  const { width } = host.getBoundingClientRect();
  if (host.offsetWidth > 0 && width / host.offsetWidth < leastScale) return false;
  let opacity = 1;
  for (let element: Element | null = host; element; element = holderOf(element)) {
    const style = getComputedStyle(element);
    opacity *= Number(style.opacity);
    // Inverted colours are how some readers darken a page.
    const isAltered =
      /opacity|blur|brightness|contrast/.test(style.filter) ||
      style.clipPath !== 'none' ||
      style.maskImage !== 'none';
    if (opacity < leastOpacity || isAltered) return false;
  }
  return true;
}

/** Up through the frames of pages that may be looked at, too. */
function holderOf(element: Element): Element | null {
  try {
    return parentOf(element) ?? element.ownerDocument.defaultView?.frameElement ?? null;
  } catch {
    return null;
  }
}

/** Runs a handler for what the user really did to something that can be seen. */
export function byUser<E extends Event>(run: (event: E) => void): (event: E) => void {
  return (event) => {
    if (!event.isTrusted) return;
    const root = (event.currentTarget as Node | null)?.getRootNode();
    if (root instanceof ShadowRoot && isUndisturbed(root.host as HTMLElement)) run(event);
  };
}
