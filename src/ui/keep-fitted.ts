/** Has a chart fitted to its element each time that this takes another size, and takes it away when the signal aborts. */
export function keepFitted(
  chart: { remove(): void },
  element: HTMLElement,
  fit: () => void,
  signal: AbortSignal,
): void {
  const sizes = new ResizeObserver(fit);
  sizes.observe(element);
  signal.addEventListener(
    'abort',
    () => {
      sizes.disconnect();
      chart.remove();
    },
    { once: true },
  );
}
