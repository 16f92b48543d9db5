import browser from 'webextension-polyfill';
import { fits } from '../protocol/form';
import { type Reply, replies } from '../protocol/messages';
import { sendToWorker } from '../protocol/send-to-worker';
import { covers } from './covers';

export type PageStatus = Reply<'pageStatus'>;

/** What can be said about the tab in front. */
export type FrontTab =
  | { kind: 'answered'; tabId: number; host: string; status: PageStatus }
  /** Our site, but nobody answers: it was open before the extension was. */
  | { kind: 'silent'; tabId: number; host: string }
  /** Not a site the extension runs on. */
  | { kind: 'foreign'; tabId: number; host: string }
  /** Not encrypted: whoever carries the page could change it, and permission is asked for https alone. */
  | { kind: 'insecure' }
  /** Pages of the browser itself, files, and tabs whose address it keeps to itself. */
  | { kind: 'unreadable' };

/** Asks the page in front what it draws. */
export async function readPage(): Promise<FrontTab> {
  const [tab] = await browser.tabs.query({ active: true, lastFocusedWindow: true });
  if (tab?.id === undefined) return { kind: 'unreadable' };
  const status = await askPage(tab.id);
  if (status) return { kind: 'answered', tabId: tab.id, host: status.host, status };
  if (tab.url?.startsWith('http:')) return { kind: 'insecure' };
  if (!tab.url?.startsWith('https:')) return { kind: 'unreadable' };
  const { url } = tab;
  const host = new URL(url).hostname;
  const scripts = browser.runtime.getManifest().content_scripts ?? [];
  return scripts.some(({ matches }) => matches?.some((pattern) => covers(pattern, url)))
    ? { kind: 'silent', tabId: tab.id, host }
    : (await isAllowed(url))
      ? { kind: 'silent', tabId: tab.id, host }
      : { kind: 'foreign', tabId: tab.id, host };
}

/** A page that is loading may never answer; it is asked again. */
const answerMs = 2000;

async function askPage(tabId: number): Promise<PageStatus | undefined> {
  try {
    const answer: unknown = await Promise.race([
      browser.tabs.sendMessage(tabId, { type: 'pageStatus' }),
      new Promise((done) => setTimeout(done, answerMs)),
    ]);
    return fits(replies.pageStatus, answer) ? answer : undefined;
  } catch {
    return undefined; // nobody listens in that tab
  }
}

/** The pattern that stands for one host in permissions. */
export const patternOf = (host: string): string => `https://${host}/*`;

const isAllowed = async (url: string): Promise<boolean> =>
  url.startsWith('https:') && browser.permissions.contains({ origins: [patternOf(new URL(url).hostname)] });

/** Whether the user added the host, so that it can be taken away again. */
export async function isAdded(host: string): Promise<boolean> {
  const url = `https://${host}/`;
  const declared = browser.runtime.getManifest().content_scripts ?? [];
  if (declared.some(({ matches }) => matches?.some((pattern) => covers(pattern, url)))) return false;
  return isAllowed(url);
}

/** Hosts of frames in a tab that the extension may not enter yet. Empty where the tab cannot be asked. */
export async function closedFrames(tabId: number): Promise<string[]> {
  const [found] = await chrome.scripting
    .executeScript({
      target: { tabId },
      func: () =>
        [...document.querySelectorAll('iframe')]
          .filter(({ clientWidth, clientHeight }) => clientWidth > 300 && clientHeight > 150)
          .map(({ src }) => src),
    })
    .catch(() => []);
  if (!Array.isArray(found?.result)) return [];
  const declared = browser.runtime.getManifest().content_scripts ?? [];
  const hosts = new Set<string>();
  for (const src of found.result) {
    const url = URL.parse(src);
    if (url?.protocol !== 'https:') continue;
    const isOurs = declared.some(({ matches }) => matches?.some((pattern) => covers(pattern, url.href)));
    if (!isOurs && !(await isAllowed(url.href))) hosts.add(url.hostname);
  }
  return [...hosts].slice(0, 4);
}

/** Symbols to choose from, as far as the worker knows any. */
export async function knownSymbols(): Promise<string[]> {
  try {
    const answer = await sendToWorker({ type: 'symbols' });
    return fits(replies.symbols, answer) ? answer.symbols : [];
  } catch {
    return [];
  }
}
