/**
 * The platform functions the page-world script relies on, taken before any page script runs. A page may replace or
 * break every one of them afterwards; nothing in this folder calls a method through a prototype once the page is alive.
 */

type Getter<T> = (target: object) => T;

export const { apply } = Reflect;
const { defineProperty, getOwnPropertyDescriptor, setPrototypeOf } = Reflect;
export const { round, abs } = Math;
export const { isFinite: isFiniteNumber } = Number;

export const isNumber = (value: unknown): value is number => typeof value === 'number';

/** Whether a character can stand in a message as it is, without an escape. */
export const isPlain = (char: string): boolean => char >= ' ' && char !== '"' && char !== '\\';

/**
 * An empty list that stands alone: a page may plant setters for indices on Array.prototype, and storing at the end of an
 * ordinary array would call them.
 */
export function bareList<T>(): T[] {
  const own: T[] = [];
  setPrototypeOf(own, null);
  return own;
}

const { bind, call } = Function.prototype;

/** A function that takes its `this` as its first argument. Made now, it asks for nothing that a page can change, and needs no list of arguments. */
const uncurried = (of: object): unknown => apply(bind, call, [of]);

/** Reads an accessor property without going through the page's view of the prototype. */
export const getter = <T>(prototype: object, name: string) =>
  uncurried(getOwnPropertyDescriptor(prototype, name)!.get!) as Getter<T>;

/** A method that is called without going through the page's view of the prototype. */
export const method = <A extends unknown[], R>(prototype: object, name: string) =>
  uncurried(getOwnPropertyDescriptor(prototype, name)!.value) as (target: object, ...args: A) => R;

/** Of WeakMaps, whose own methods the page can replace. */
export const weakGet = uncurried(WeakMap.prototype.get) as <T>(
  map: WeakMap<object, T>,
  key: object,
) => T | undefined;
export const weakSet = uncurried(WeakMap.prototype.set) as <T>(
  map: WeakMap<object, T>,
  key: object,
  value: T,
) => void;

const mapGet = method<[string], unknown>(Map.prototype, 'get');
const mapSet = method<[string, unknown], unknown>(Map.prototype, 'set');
const mapClear = method<[], void>(Map.prototype, 'clear');
const mapSize = getter<number>(Map.prototype, 'size');

/** A bounded string-keyed cache: forgets everything once it holds `limit` entries. */
export class SafeCache<T> {
  readonly #map = new Map<string, T>();

  constructor(private readonly limit: number) {}

  get(key: string): T | undefined {
    return mapGet(this.#map, key) as T | undefined;
  }

  set(key: string, value: T): void {
    if (mapSize(this.#map) >= this.limit) mapClear(this.#map);
    mapSet(this.#map, key, value);
  }
}

const nowOf = method<[], number>(Performance.prototype, 'now');
const { performance } = globalThis;
export const now = (): number => nowOf(performance);

const queueOn = method<[() => void], void>(globalThis, 'queueMicrotask');
export const microtask = (task: () => void): void => queueOn(self, task);

const dispatchEvent = method<[Event], boolean>(EventTarget.prototype, 'dispatchEvent');
const addListener = method<[string, (event: CustomEvent) => void, boolean], void>(
  EventTarget.prototype,
  'addEventListener',
);
const removeListener = method<[string, (event: CustomEvent) => void, boolean], void>(
  EventTarget.prototype,
  'removeEventListener',
);
const stopImmediatePropagation = method<[], void>(Event.prototype, 'stopImmediatePropagation');
const NativeCustomEvent = CustomEvent;
/** Options of an event that are not given are looked up: not where a page could plant them. */
const init = { __proto__: null, detail: '', cancelable: true, composed: true };

/**
 * Sends `detail` to the listeners of `type`, synchronously, across shadow boundaries.
 *
 * @returns false where a listener prevents what comes by default
 */
export function emit(target: EventTarget, type: string, detail: string): boolean {
  init.detail = detail;
  return dispatchEvent(target, new NativeCustomEvent(type, init));
}

const detailOf = getter<unknown>(CustomEvent.prototype, 'detail');

/** Listens in the capture phase; `handle` returns true to stop listening. Events go no further. */
export function listen(target: EventTarget, type: string, handle: (detail: unknown) => boolean): void {
  const listener = (event: CustomEvent) => {
    stopImmediatePropagation(event);
    if (handle(detailOf(event))) removeListener(target, type, listener, true);
  };
  addListener(target, type, listener, true);
}

const lastChild = getter<Node | null>(Node.prototype, 'lastChild');
const dataOf = getter<string | null>(Node.prototype, 'nodeValue');
const appendChild = method<[Node], Node>(Node.prototype, 'appendChild');
const removeChild = method<[Node], Node>(Node.prototype, 'removeChild');
const createComment = method<[string], Comment>(Document.prototype, 'createComment');

/** The comment that the other script has just left at the document's end, taken out of it; or one of our own, left for it. */
export function meet(says: string): { place: Node; isSecond: boolean } {
  const last = lastChild(document);
  if (last && dataOf(last) === says) return { place: removeChild(document, last), isSecond: true };
  return { place: appendChild(document, createComment(document, says)), isSecond: false };
}

export const isConnected = getter<boolean>(Node.prototype, 'isConnected');

const NativeProxy = Proxy;

/** Stands in for calls: a bare object, as a trap planted on Object.prototype must not be found. */
export type Handler = ProxyHandler<(...args: never[]) => unknown> & { __proto__: null };

/**
 * Tells `after` about each finished call. What goes wrong in `after` stays there.
 *
 * @returns what stands in for the function; only a value returned by `after` (never undefined) takes the place of the result
 */
const telling = (after: (self: object, args: ArrayLike<unknown>, result: unknown) => unknown): Handler => ({
  __proto__: null,
  apply(target, self: object, args: never[]) {
    const result = apply(target, self, args);
    try {
      return after(self, args, result) ?? result;
    } catch {
      return result;
    }
  },
});

/** Has each finished call told to `after`. */
export const observe = (
  owner: object | undefined,
  name: string,
  after: (self: object, args: ArrayLike<unknown>, result: unknown) => unknown,
): (() => void) => standIn(owner, name, telling(after));

/**
 * Replaces a method or setter of `owner` by a twin that behaves as it does in every respect a page can see (name, length,
 * source text, `this`, result, exceptions) as long as the handler does, keeping the rest of the descriptor.
 */
export function standIn(owner: object | undefined, name: string, handler: Handler): () => void {
  const found = owner && getOwnPropertyDescriptor(owner, name);
  if (!found) return () => {};
  // Own fields alone: `get` or `set` planted on Object.prototype would make another kind of property of it.
  const descriptor: PropertyDescriptor = { __proto__: null, ...found } as object;
  const part = descriptor.set ? 'set' : 'value';
  const original = descriptor[part];
  if (!descriptor.configurable || typeof original !== 'function') return () => {};
  const twin = new NativeProxy(original, handler);
  const changed = { __proto__: null, ...descriptor, [part]: twin } as object;
  defineProperty(owner!, name, changed);
  return () => {
    // Only undo our own work: a page may have wrapped the method since.
    if (getOwnPropertyDescriptor(owner!, name)?.[part] === twin) defineProperty(owner!, name, descriptor);
  };
}
