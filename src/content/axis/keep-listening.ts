/**
 * Adds listeners of `window` and `document`, and adds them again once the page may have dropped them: its `document.open()`
 * takes those of extensions too, and the root of the document with them.
 *
 * @param add adds the same functions each time, so that none that is still there is added twice
 */
export function keepListening(add: () => void, signal?: AbortSignal): void {
  add();
  const roots = new MutationObserver(add);
  roots.observe(document, { childList: true });
  signal?.addEventListener('abort', () => roots.disconnect());
}
