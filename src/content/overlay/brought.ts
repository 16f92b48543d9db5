import { scriptWanted, type WantedScript } from '../../protocol/handshake';
import type { Extras } from './extras';
import type { HeatParts } from './heat';

/** Scripts that the worker brings into this frame, once something in them is wanted. */

const shared = globalThis as { liqbandsExtras?: Extras; liqbandsHeat?: HeatParts };

/** Brought where a heatmap is wanted, or where a zone is to begin at a time. */
export const heatPartsHere = (): HeatParts | undefined => shared.liqbandsHeat;

export const extrasHere = (): Extras | undefined => shared.liqbandsExtras;

const coming = new Map<WantedScript, Promise<unknown>>();

/** Has a script brought; resolves once it is here, or cannot be brought. */
function brought(script: WantedScript): Promise<unknown> {
  let promise = coming.get(script);
  if (!promise) {
    promise = Promise.resolve(chrome.runtime?.sendMessage({ type: scriptWanted, script }))
      .catch(() => {})
      .finally(() => coming.delete(script));
    coming.set(script, promise);
  }
  return promise;
}

/** Runs `then` with the extras, at once or once they are here; never where the worker cannot bring them. */
export function withExtras(then: (extras: Extras) => void): void {
  const here = extrasHere();
  if (here) then(here);
  else
    void brought('extras').then(() => {
      const late = extrasHere();
      if (late) then(late);
    });
}

/** Has what tells times brought; whoever draws looks for it each time. */
export function wantTimes(): void {
  if (!heatPartsHere()) void brought('heat');
}
