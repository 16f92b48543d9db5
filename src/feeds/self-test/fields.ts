/** Longest list whose rows are all looked at: those behind read alike. */
const mostRows = 200;
/** Of every reply of some venues, read to see whether it is a refusal. */
const envelope = new Set(['code', 'msg', 'retCode', 'retMsg', 'requestTime']);

/** Which fields of a reply its reader looks at, and which of them are there in no row. */
export class FieldUse {
  /** By name, whether it was ever there. */
  private readonly seen = new Map<string, boolean>();

  /** The same value, which notes what is read of it. */
  watch<T>(value: T): T {
    if (typeof value !== 'object' || value === null) return value;
    return new Proxy(value, {
      get: (target, key, receiver) => {
        const inner: unknown = Reflect.get(target, key, receiver);
        if (typeof key === 'symbol') return inner;
        if (Array.isArray(target)) return Number(key) < mostRows ? this.watch(inner) : inner;
        this.note(key, inner);
        return this.watch(inner);
      },
    });
  }

  private note(name: string, value: unknown): void {
    // What is no plain name may be a symbol or an address.
    if (!/^[A-Za-z_]\w{0,39}$/.test(name)) return;
    const isThere = value !== undefined && value !== null && value !== '';
    this.seen.set(name, isThere || (this.seen.get(name) ?? false));
  }

  /** Names of those that were there. */
  get read(): string[] {
    return [...this.seen].flatMap(([name, isThere]) => (isThere ? name : []));
  }

  /** Names of those that were looked for in vain. */
  get lacking(): string[] {
    return [...this.seen].flatMap(([name, isThere]) => (isThere || envelope.has(name) ? [] : name));
  }
}
