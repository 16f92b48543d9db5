import { getEventListeners } from 'node:events';

/** How many listeners a signal has, and how many signals that were made of it and others Node remembers with it. */
export function heldBy(signal: AbortSignal): number {
  const dependants = Object.getOwnPropertySymbols(signal).find(
    ({ description }) => description === 'kDependantSignals',
  );
  const made = dependants && (Reflect.get(signal, dependants) as Set<unknown> | null);
  return getEventListeners(signal, 'abort').length + (made?.size ?? 0);
}
