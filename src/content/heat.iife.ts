import { heatParts } from './overlay/heat';

/** The heatmap's own entry, run by the worker in frames that want one: hands its parts to the overlay there. */

Object.assign(globalThis, { liqbandsHeat: heatParts });
