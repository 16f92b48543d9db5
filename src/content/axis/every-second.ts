/** Rests at least this many times as long as the task took, up to `longestRestMs`: some pages make anything expensive. */
const restShare = 20;
const longestRestMs = 10_000;

/** Runs a task about once a second until the signal aborts, and more seldom where it takes long. */
export function everySecond(task: () => void, signal: AbortSignal): void {
  let timer: ReturnType<typeof setTimeout>;
  const run = (): void => {
    const startedAt = performance.now();
    try {
      task();
    } finally {
      const rest = Math.min(longestRestMs, restShare * (performance.now() - startedAt));
      if (!signal.aborted) timer = setTimeout(run, Math.max(1000, rest));
    }
  };
  timer = setTimeout(run, 1000);
  signal.addEventListener('abort', () => clearTimeout(timer));
}
