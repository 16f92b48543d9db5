import { keepListening } from './keep-listening';
import { shadowOf } from './roots';

/**
 * Hears what the page-world reader sends from the canvases of a frame, before any listener of the page. A closed shadow root
 * hides its canvases from outside: what comes from within is heard inside it.
 *
 * @param hear returns false where what the canvas said is of no use: it is then asked less often
 */
export function hearCanvases(
  channel: string,
  hear: (source: EventTarget, detail: unknown) => unknown,
  signal: AbortSignal,
): void {
  const entered = new WeakSet<ShadowRoot>();
  const options = { capture: true, signal };
  function onEvent(event: Event): void {
    const source = event.composedPath()[0]!;
    const isHost = source instanceof Element && !(source instanceof HTMLCanvasElement);
    const shadow = isHost && shadowOf(source);
    if (!shadow) {
      event.stopImmediatePropagation();
      if (hear(source, (event as CustomEvent<unknown>).detail) === false) event.preventDefault();
    } else if (!entered.has(shadow)) {
      entered.add(shadow);
      shadow.addEventListener(channel, onEvent, options);
    }
  }
  keepListening(() => window.addEventListener(channel, onEvent, options), signal);
}
