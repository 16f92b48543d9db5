import { elementParts } from './overlay/elements';

/** The entry of what reads elements, run by the worker in frames that ask for it: hands its parts to the overlay there. */

Object.assign(globalThis, { liqbandsElements: elementParts });
