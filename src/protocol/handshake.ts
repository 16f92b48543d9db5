/**
 * How the two content scripts of a frame find each other, once, before the page's scripts run: whichever starts second
 * speaks first. The overlay offers a random event name; the page-world reader takes the first offer and is deaf to
 * later ones, so that the page learns neither the name nor how to change it.
 */

/** Reader → overlay: "I am here". */
export const greeting = 'liqbands:hello';
/** Overlay → reader, with the channel's name. */
export const offer = 'liqbands:channel';
/** Appended to the channel's name: overlay → reader, "watch gridlines for a moment". */
export const wantGridlines = ':lines';

/** Name of the port on which a frame asks the worker for the overlay. */
export const overlayPort = 'overlay';

/** Type of the message by which an overlay asks the worker for what is seldom shown; answered once that is there. */
export const extrasWanted = 'extras';
