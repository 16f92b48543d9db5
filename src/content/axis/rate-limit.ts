/**
 * A token bucket: `burst` events at once, `perSecond` in the long run.
 *
 * @param now Milliseconds of a clock that never goes back.
 */
export function rateLimit(perSecond: number, burst: number, now: () => number): () => boolean {
  let tokens = burst;
  let last = now();
  return () => {
    const time = now();
    tokens = Math.min(burst, tokens + ((time - last) / 1000) * perSecond);
    last = time;
    if (tokens < 1) return false;
    tokens--;
    return true;
  };
}
