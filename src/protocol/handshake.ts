/**
 * How the two content scripts of a frame find each other, once, before the page's scripts run. Whichever starts first
 * leaves a comment in the document; the second takes it away again, and all that is said is said by events on that lone
 * node. They pass nothing that a page can listen at: a frame's window may have listeners of the page from the empty
 * document that it held before. The overlay offers a random event name; the reader takes the first offer and is deaf to later
 * ones, so that the page learns neither the name nor how to change it.
 */

/** What the comment says. */
export const meeting = 'liqbands';
/** Reader → overlay: "I am here". */
export const greeting = 'liqbands:hello';
/** Overlay → reader, with the channel's name. */
export const offer = 'liqbands:channel';
/** Appended to the channel's name: overlay → reader, "watch gridlines for a moment". */
export const wantGridlines = ':lines';

/** Name of the port on which a frame asks the worker for the overlay. */
export const overlayPort = 'overlay';

/** Type of the message by which an overlay asks the worker for a further script, named as `script`; answered once it is there. */
export const scriptWanted = 'script';
/** What is seldom shown; what tells times on a chart, and draws heatmaps; what reads charts made of elements. */
export const wantedScripts = ['extras', 'heat', 'elements'] as const;
export type WantedScript = (typeof wantedScripts)[number];
