/** Different reasons of one source that are told apart. */
const mostReasons = 20;
const longestReason = 120;

/** Messages that were left out, by source and reason: bounded, since a reason may carry what a venue sent. */
export class DroppedMessages {
  private readonly bySource = new Map<string, Map<string, number>>();

  add(source: string, reason: string): void {
    const counts = this.bySource.get(source) ?? new Map<string, number>();
    this.bySource.set(source, counts);
    const short = reason.slice(0, longestReason);
    const name = counts.has(short) || counts.size < mostReasons ? short : 'other';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }

  /** Most frequent first. */
  of(source: string): { reason: string; count: number }[] {
    return [...(this.bySource.get(source) ?? [])]
      .map(([reason, count]) => ({ reason, count }))
      .sort((a, b) => b.count - a.count);
  }
}
