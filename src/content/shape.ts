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
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

export const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);

/** An object with these fields; others are let be. */
export const withFields =
  (fields: Record<string, Check>): Check =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    Object.entries(fields).every(([name, check]) => check((value as Record<string, unknown>)[name]));
