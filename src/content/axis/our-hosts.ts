/** Selector of all that we put on a page, whichever version of us did: the names stay. */
export const ourHosts = ['', '-badge', '-labels', '-panel'].map((part) => `[data-liqbands${part}]`).join();
