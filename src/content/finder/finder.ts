import { overlayPort } from '../../protocol/handshake';
import { hearCanvases } from '../axis/channel';
import { everySecond } from '../axis/every-second';
import { isInSight } from '../axis/in-sight';
import { rootsOf } from '../axis/roots';
import { renewDrawings } from './expiry';
import { offerHandover } from './handover';
import { pageParts } from './page-parts';

/**
 * Most frames of most pages have no chart: they pay for this script alone. It keeps what canvases say, looks for something
 * large enough to be a chart once a second, and has the worker bring the overlay when there is one.
 */

/** Where the overlay could not be brought it is asked for again after so long. */
const againMs = 10_000;
/** Drawings inside custom elements are looked for every so many times: all elements of the page are gone through for them. */
const deepEvery = 3;
/** Of canvases that said something, as many are remembered. */
const mostCanvases = 64;
/** An axis has this many labels at least; the text of each stands in quotes in a message. */
const leastLabels = 3;
const mostQuotes = 2 * leastLabels;

type Answer = (reply: unknown) => void;

const showsDrawing = (isDeep: boolean): boolean =>
  [...(isDeep ? rootsOf(document) : [document])].some((root) =>
    [...root.querySelectorAll('canvas,svg')].some(isInSight),
  );

const hasAxis = (detail: unknown): boolean =>
  typeof detail === 'string' && detail.split('"', mostQuotes + 1).length > mostQuotes;

export function findChart(channel: string): void {
  const end = new AbortController();
  const said = new Map<EventTarget, string>();
  const questions: Answer[] = [];
  let port: chrome.runtime.Port | undefined;

  /** Asks for the overlay, and again later where the worker could not bring it. */
  function bring(): void {
    if (port || end.signal.aborted) return;
    try {
      port = chrome.runtime.connect({ name: overlayPort });
    } catch {
      stop(); // the extension is gone
      return;
    }
    port.onDisconnect.addListener(() => {
      setTimeout(() => {
        port = undefined;
      }, againMs);
    });
  }

  const hear = (source: EventTarget, detail: unknown): void => {
    if (typeof detail !== 'string') return;
    said.delete(source);
    said.set(source, detail);
    if (said.size > mostCanvases) said.delete(said.keys().next().value!);
    if (hasAxis(detail)) bring();
  };
  hearCanvases(channel, hear, end.signal);

  let looks = 0;
  const look = (): void => {
    const isDeep = looks++ % deepEvery === 0;
    if (!document.hidden && !port && showsDrawing(isDeep)) bring();
  };
  everySecond(look, end.signal);

  const ask = (message: unknown, _sender: unknown, answer: Answer): true | undefined => {
    if ((message as { type?: unknown } | null)?.type !== 'pageStatus' || window !== window.top)
      return undefined;
    questions.push(answer);
    bring();
    return true;
  };
  chrome.runtime.onMessage.addListener(ask);

  function stop(): void {
    end.abort();
    try {
      chrome.runtime.onMessage.removeListener(ask);
      port?.disconnect();
    } catch {
      // The extension is gone, and the listener with it.
    }
  }

  offerHandover({
    channel,
    page: pageParts,
    takeOver(answerPopup) {
      stop();
      renewDrawings();
      for (const answer of questions) answerPopup(answer);
      for (const [source, detail] of said)
        source.dispatchEvent(new CustomEvent(channel, { detail, bubbles: true, composed: true }));
      said.clear();
    },
  });
}
