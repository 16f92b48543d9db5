/**
 * Checks for what comes from outside this script. The schemas in `protocol` say the same with zod, which alone would
 * take half of what a content script may weigh; the tests hold the two together.
 */

export type Check = (value: unknown) => boolean;

export const isFiniteNumber: Check = (value) => Number.isFinite(value);
export const isAmount: Check = (value) => Number.isFinite(value) && (value as number) >= 0;
export const isPositive: Check = (value) => Number.isFinite(value) && (value as number) > 0;
export const isText: Check = (value) => typeof value === 'string';
export const isFlag: Check = (value) => typeof value === 'boolean';

export const oneOf =
  (...allowed: readonly unknown[]): Check =>
  (value) =>
    allowed.includes(value);

export const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);

/** Absent, or as the check has it. */
export const optional =
  (shape: Shape): Check =>
  (value) =>
    value === undefined || fits(value, shape);

/** A check; a list of what the one check in it accepts; or an object with such fields, others are let be. */
export type Shape = Check | readonly [Shape] | { readonly [name: string]: Shape };

export function fits(value: unknown, shape: Shape): boolean {
  if (typeof shape === 'function') return shape(value);
  if (Array.isArray(shape))
    return Array.isArray(value) && value.every((each) => fits(each, shape[0] as Shape));
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.entries(shape).every(([name, inner]) => fits((value as Record<string, unknown>)[name], inner))
  );
}
