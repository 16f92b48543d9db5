import { slotMs } from '../../estimate/day-cells';
import type { Range } from '../../feeds/feed';

/** Parts of a range of slots (`to` excluded) that none of the others covers. */
export function without(
  range: Required<Range>,
  others: readonly { from: number; to: number }[],
): Required<Range>[] {
  let parts = [range];
  for (const other of others) {
    parts = parts.flatMap(({ from, to }) =>
      [
        { from: Math.max(from, other.to), to },
        { from, to: Math.min(to, other.from) },
      ].filter((part) => part.from < part.to && (part.from >= other.to || part.to <= other.from)),
    );
  }
  return parts;
}

/**
 * As few requests as cover the gaps (newest first, `to` excluded), each of at most `count` points `step` apart with
 * both ends included.
 */
export function pagesOver(gaps: readonly Required<Range>[], step: number, count: number): Required<Range>[] {
  const pages: Required<Range>[] = [];
  for (const gap of [...gaps].sort((a, b) => b.to - a.to)) {
    const last = pages.at(-1);
    let top = Math.floor((gap.to - slotMs) / step) * step;
    const bottom = Math.floor(gap.from / step) * step;
    if (last) {
      const reach = last.to - (count - 1) * step;
      if (top >= reach) last.from = Math.min(last.from, Math.max(bottom, reach));
      top = Math.min(top, last.from - step);
    }
    for (; top >= bottom; top -= count * step) {
      pages.push({ from: Math.max(bottom, top - (count - 1) * step), to: top });
    }
  }
  return pages;
}
