interface Hold<T> {
  thing: T;
  holders: Set<AbortSignal>;
}

/** Things that several hold by the same key, each until its own signal aborts. */
export class SharedHolds<T> {
  private readonly holds = new Map<string, Hold<T>>();

  /** @param letGo is given what nobody holds any more, and why the last one left */
  constructor(private readonly letGo: (thing: T, reason: unknown) => void) {}

  /** What is held by this key; made where nobody held it yet. */
  take(key: string, holder: AbortSignal, make: () => T): T {
    const hold = this.holds.get(key) ?? { thing: make(), holders: new Set() };
    this.holds.set(key, hold);
    if (!hold.holders.has(holder)) {
      hold.holders.add(holder);
      holder.addEventListener('abort', () => this.leave(key, hold, holder), { once: true });
    }
    return hold.thing;
  }

  private leave(key: string, hold: Hold<T>, holder: AbortSignal): void {
    hold.holders.delete(holder);
    if (hold.holders.size > 0) return;
    this.holds.delete(key);
    this.letGo(hold.thing, holder.reason);
  }
}
