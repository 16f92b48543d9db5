import type { PageParts } from './page-parts';

/** What the finder has for the overlay once that is brought into the frame. Both run in the extension's own world. */
export interface Handover {
  /** Name of the events that the page-world reader sends. */
  channel: string;
  page: PageParts;
  /** Sends again what canvases last said, and the popup's questions that nobody has answered yet. */
  takeOver(answerPopup: (answer: (reply: unknown) => void) => void): void;
}

const shared = globalThis as { liqbandsFinder?: Handover };

export const offerHandover = (handover: Handover): void => {
  shared.liqbandsFinder = handover;
};

/** @returns undefined where no finder runs, or the overlay is there already */
export function takeHandover(): Handover | undefined {
  const handover = shared.liqbandsFinder;
  delete shared.liqbandsFinder;
  return handover;
}
