/** Runs a task once a second until the signal aborts. */
export function everySecond(task: () => void, signal: AbortSignal): void {
  const timer = setInterval(task, 1000);
  signal.addEventListener('abort', () => clearInterval(timer));
}
