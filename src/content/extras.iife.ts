import { extras } from './overlay/extras';

/** The entry of what is seldom shown, run by the worker in frames that ask for it: hands it to the overlay there. */

Object.assign(globalThis, { liqbandsExtras: extras });
