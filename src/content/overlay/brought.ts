import { scriptWanted, type WantedScript } from '../../protocol/handshake';
import type { ElementParts } from './elements';
import type { Extras } from './extras';
import type { HeatParts } from './heat';

/** Scripts that the worker brings into this frame, once something in them is wanted. */

const shared = globalThis as {
  liqbandsExtras?: Extras;
  liqbandsHeat?: HeatParts;
  liqbandsElements?: ElementParts;
};

/** Brought where a heatmap is wanted, or where a zone is to begin at a time. */
export const heatPartsHere = (): HeatParts | undefined => shared.liqbandsHeat;

/** Brought where a chart, or its axis, is elements. */
export const elementsHere = (): ElementParts | undefined => shared.liqbandsElements;

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

/** Runs `then` with what a script hands over, at once or once it is here; never where the worker cannot bring it. */
function withParts<T>(script: WantedScript, here: () => T | undefined, then: (parts: T) => void): void {
  const run = () => {
    const parts = here();
    if (parts) then(parts);
    return parts;
  };
  if (!run()) void brought(script).then(run);
}

export const withExtras = (then: (extras: Extras) => void): void => withParts('extras', extrasHere, then);

export const withElements = (then: (parts: ElementParts) => void): void =>
  withParts('elements', elementsHere, then);

/** Has what tells times brought; whoever draws looks for it each time. */
export function wantTimes(): void {
  if (!heatPartsHere()) void brought('heat');
}
