/**
 * Descriptions of what crosses a context or is stored, light enough for a content script: each message, record and
 * setting is described once, and its type follows from the description.
 */

/** Says what is wrong with a value, such as `.view.long.3: amount expected`; undefined where it is as described. */
export interface Form<T> {
  (value: unknown): string | undefined;
  /** Never there: it carries the type. */
  readonly type?: T;
}

/** The type of what a form describes. */
export type Of<F> = F extends Form<infer T> ? T : never;

type Forms = Record<string, Form<unknown>>;
type OptionalKey<F extends Forms> = { [K in keyof F]: undefined extends Of<F[K]> ? K : never }[keyof F];
type ObjectOf<F extends Forms> = { [K in Exclude<keyof F, OptionalKey<F>>]: Of<F[K]> } & {
  [K in OptionalKey<F>]?: Of<F[K]>;
} extends infer O
  ? { [K in keyof O]: O[K] }
  : never;

const form =
  <T>(expected: string, fits: (value: never) => boolean): Form<T> =>
  (value) =>
    fits(value as never) ? undefined : `: ${expected} expected`;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether a value is as described. */
export const fits = <T>(described: Form<T>, value: unknown): value is T => described(value) === undefined;

/** Any finite number from the one to the other. */
export const within = (low: number, high: number): Form<number> =>
  form('number', (value: number) => Number.isFinite(value) && value >= low && value <= high);
export const finite = within(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
export const amount: Form<number> = form('amount', (value: number) => Number.isFinite(value) && value >= 0);
/** As large as one likes: where a table's last step ends. */
export const amountOrEndless: Form<number> = form(
  'amount',
  (value: number) => typeof value === 'number' && value >= 0,
);
export const positive: Form<number> = form('price', (value: number) => Number.isFinite(value) && value > 0);
export const whole = (low: number, high: number): Form<number> =>
  form('count', (value: number) => Number.isInteger(value) && value >= low && value <= high);
export const flag: Form<boolean> = form('flag', (value) => typeof value === 'boolean');
export const text = (most = Number.POSITIVE_INFINITY): Form<string> =>
  form('text', (value: string) => typeof value === 'string' && value.length <= most);
export const like = (pattern: RegExp): Form<string> =>
  form('name', (value: string) => typeof value === 'string' && pattern.test(value));
export const oneOf = <const T extends string>(...values: readonly T[]): Form<T> =>
  form(values.join('|'), (value: T) => values.includes(value));

/** Absent (or undefined), or as described. */
export const optional =
  <T>(described: Form<T>): Form<T | undefined> =>
  (value) =>
    value === undefined ? undefined : described(value);

export const nullable =
  <T>(described: Form<T>): Form<T | null> =>
  (value) =>
    value === null ? undefined : described(value);

export const list =
  <T>(described: Form<T>, most = Number.POSITIVE_INFINITY, least = 0): Form<T[]> =>
  (value) => {
    if (!Array.isArray(value) || value.length > most || value.length < least) return ': list expected';
    for (let i = 0; i < value.length; i++) {
      const wrong = described(value[i]);
      if (wrong) return `.${i}${wrong}`;
    }
    return undefined;
  };

export const pair =
  <A, B>(first: Form<A>, second: Form<B>): Form<[A, B]> =>
  (value) =>
    Array.isArray(value) && value.length === 2 ? (first(value[0]) ?? second(value[1])) : ': pair expected';

/** An object with such fields; others are let be. */
export const object =
  <F extends Forms>(fields: F): Form<ObjectOf<F>> =>
  (value) => {
    if (!isRecord(value)) return ': object expected';
    for (const [key, described] of Object.entries(fields)) {
      const wrong = described(value[key]);
      if (wrong) return `.${key}${wrong}`;
    }
    return undefined;
  };

/** One of several objects, told apart by their `type`. */
export const variant =
  <V extends Record<string, Forms>>(
    variants: V,
  ): Form<{ [K in keyof V]: { type: K } & ObjectOf<V[K]> }[keyof V]> =>
  (value) => {
    const type = isRecord(value) ? String(value.type) : '';
    return Object.hasOwn(variants, type)
      ? object(variants[type]!)(value)
      : `.type: ${Object.keys(variants).join('|')} expected`;
  };

/** As described and beyond it as `isSo` has it, said in words. */
export const and =
  <T>(described: Form<T>, expected: string, isSo: (value: T) => boolean): Form<T> =>
  (value) =>
    described(value) ?? (isSo(value as T) ? undefined : `: ${expected} expected`);

/** Reads what is stored: whatever is missing or broken is at its default, and changes nothing beside it. */
export type Reader<T> = (value: unknown) => T;

export const or =
  <T>(described: Form<T>, fallback: T): Reader<T> =>
  (value) =>
    fits(described, value) ? value : fallback;

/** Key by key. */
export const keys =
  <R extends Record<string, Reader<unknown>>>(readers: R): Reader<{ [K in keyof R]: ReturnType<R[K]> }> =>
  (value) => {
    const given = recordOf(value);
    return Object.fromEntries(Object.entries(readers).map(([key, read]) => [key, read(given[key])])) as never;
  };

/** A table of any names. */
export const table =
  <T>(read: Reader<T>): Reader<Record<string, T>> =>
  (value) =>
    Object.fromEntries(Object.entries(recordOf(value)).map(([key, each]) => [key, read(each)]));

/** The value where it is an object, else an empty one. */
export const recordOf = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {});
