import { extrasWanted } from '../../protocol/handshake';
import type { Extras } from './extras';
import type { HeatParts } from './heat';

/** Scripts that the worker brings into this frame, once something in them is wanted. */

const shared = globalThis as { liqbandsExtras?: Extras; liqbandsHeat?: HeatParts };

/** Brought where a heatmap is wanted. */
export const heatParts = (): HeatParts | undefined => shared.liqbandsHeat;

export const extrasHere = (): Extras | undefined => shared.liqbandsExtras;

let coming: Promise<unknown> | undefined;

/** Has the extras brought; runs `then` with them, or never where the worker cannot bring them. */
export function withExtras(then: (extras: Extras) => void): void {
  const here = extrasHere();
  if (here) {
    then(here);
    return;
  }
  coming ??= Promise.resolve(chrome.runtime?.sendMessage({ type: extrasWanted }))
    .catch(() => {})
    .finally(() => {
      coming = undefined;
    });
  void coming.then(() => {
    const brought = extrasHere();
    if (brought) then(brought);
  });
}
