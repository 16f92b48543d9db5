/**
 * Runs at once what is called now and then, or within a frame, as a page paints; of what is called without pause between
 * frames the last call alone, at the beginning of the next.
 */
export function oncePerFrame(run: () => void, signal: AbortSignal): () => void {
  let isOpen = true;
  let isClosing = false;
  let isDue = false;
  let hasRun = false;
  const runNow = () => {
    isDue = false;
    hasRun = true;
    run();
  };
  /** Comes in a task of its own, after the frame if one is being made. */
  const closeSoon = () => {
    if (isClosing) return;
    isClosing = true;
    setTimeout(() => {
      isClosing = false;
      if (!hasRun) return;
      hasRun = isOpen = false;
      requestAnimationFrame(open);
    });
  };
  const open = () => {
    isOpen = true;
    closeSoon();
    if (isDue && !signal.aborted) runNow();
  };
  return () => {
    if (!isOpen) {
      isDue = true;
      return;
    }
    closeSoon();
    runNow();
  };
}
