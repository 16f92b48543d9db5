import { keepListening } from '../axis/keep-listening';
import { ourHosts } from '../axis/our-hosts';
import { rootsOf } from '../axis/roots';

/**
 * Firefox ends the scripts of an add-on that is switched off or removed without a word to them, and what they drew would
 * stand still on the page until it is loaded again. So it hides by itself where nobody has renewed it for a while.
 */

/** How long what is drawn is seen after it was renewed last. */
const lastsMs = 8000;
const renewMs = 1000;
/** Inside custom elements what was drawn since is looked for every so many times: all elements of the page are gone through for it. */
const deepEvery = 3;

/** Renews what is drawn in the frame for as long as the extension is there. */
export function renewDrawings(): void {
  const expiries = new Map<Element, Animation>();
  let looks = 0;

  function look(isDeep: boolean): void {
    for (const root of isDeep ? rootsOf(document) : [document])
      for (const host of root.querySelectorAll(ourHosts))
        if (!expiries.has(host)) {
          // While it waits an animation costs no frame.
          const timing = { id: 'liqbands-expiry', delay: lastsMs, duration: 1, fill: 'forwards' } as const;
          expiries.set(host, host.animate({ visibility: ['hidden', 'hidden'] }, timing));
        }
  }

  function renew(): void {
    if (!chrome.runtime?.id) {
      clearInterval(timer);
      return;
    }
    look(looks++ % deepEvery === 0);
    for (const [host, expiry] of expiries) {
      if (host.isConnected) expiry.currentTime = 0;
      else {
        expiry.cancel();
        expiries.delete(host);
      }
    }
  }

  const timer = setInterval(renew, renewMs);
  // Where no timer ran meanwhile, what is drawn is renewed before it is seen again.
  keepListening(() => {
    document.addEventListener('visibilitychange', renew);
    document.addEventListener('resume', renew);
    window.addEventListener('pageshow', renew);
  });
}
