import type { Language } from '../ui/languages';
import type { Attributes } from './attributes';
import { SharedHolds } from './shared-holds';
import { type Loaded, load, type WidgetEnvironment } from './source';

/** What was loaded for one element is good for the others of the page this long, ms: less than they wait to load again. */
const goodMs = 30_000;

interface Load {
  result: Promise<Loaded>;
  stop: AbortController;
  /** Elements that wait for it. */
  waiting: number;
  /** When it began, ms. */
  at: number;
}

/** Loads for all elements of a page together: several that show the same market cost its source one request. */
export class SharedLoads {
  private readonly loads = new Map<string, Load>();
  /** Elements that show what was loaded, and what ends with the last of them. */
  private readonly shown = new SharedHolds<AbortController>((end, reason) => end.abort(reason));

  constructor(private readonly around: WidgetEnvironment) {}

  /** As `load`, for an element that is there until the signal aborts. What nobody waits for any more is stopped. */
  async load(attributes: Attributes, language: Language, signal: AbortSignal): Promise<Loaded> {
    const { symbol, window, src, venues, mode } = attributes;
    // What is said of the venues is worded when they answer; only a heatmap needs the past from them.
    const source = src ?? [venues, mode === 'heatmap'];
    const key = JSON.stringify([symbol, window, source, language.tag]);
    const until = this.shown.take(key, signal, () => new AbortController()).signal;
    const load = this.current(key) ?? this.begin(key, attributes, language, until);
    load.waiting++;
    const leave = () => {
      load.waiting--;
      if (load.waiting > 0) return;
      load.stop.abort(signal.reason);
      if (this.loads.get(key) === load) this.loads.delete(key);
    };
    signal.addEventListener('abort', leave, { once: true });
    try {
      const loaded = await load.result;
      signal.throwIfAborted();
      return loaded;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  private current(key: string): Load | undefined {
    const load = this.loads.get(key);
    const age = this.around.now() - (load?.at ?? 0);
    return load && age >= 0 && age < goodMs && !load.stop.signal.aborted ? load : undefined;
  }

  private begin(key: string, attributes: Attributes, { speak }: Language, until: AbortSignal): Load {
    const stop = new AbortController();
    const result = load(attributes, speak, this.around, stop.signal, until);
    const begun: Load = { result, stop, waiting: 0, at: this.around.now() };
    this.loads.set(key, begun);
    // What failed is tried again by the next who asks.
    result.catch(() => {
      if (this.loads.get(key) === begun) this.loads.delete(key);
    });
    return begun;
  }
}
