import browser from 'webextension-polyfill';
import { type Reply, requests } from '../protocol/messages';
import { covers } from './covers';

export type PageStatus = Reply<'pageStatus'>;

/** What can be said about the tab in front. */
export type Page =
  | { kind: 'answered'; tabId: number; host: string; status: PageStatus }
  /** Our site, but nobody answers: it was open before the extension was. */
  | { kind: 'silent'; tabId: number; host: string }
  /** Not a site the extension runs on. */
  | { kind: 'foreign'; host: string }
  /** Pages of the browser itself, files, and tabs whose address it keeps to itself. */
  | { kind: 'unreadable' };

/** Asks the page in front what it draws. */
export async function readPage(): Promise<Page> {
  const [tab] = await browser.tabs.query({ active: true, lastFocusedWindow: true });
  if (tab?.id === undefined) return { kind: 'unreadable' };
  const status = await askPage(tab.id);
  if (status) return { kind: 'answered', tabId: tab.id, host: status.host, status };
  if (!tab.url || !/^https?:/.test(tab.url)) return { kind: 'unreadable' };
  const { url } = tab;
  const host = new URL(url).hostname;
  const scripts = browser.runtime.getManifest().content_scripts ?? [];
  return scripts.some(({ matches }) => matches?.some((pattern) => covers(pattern, url)))
    ? { kind: 'silent', tabId: tab.id, host }
    : { kind: 'foreign', host };
}

async function askPage(tabId: number): Promise<PageStatus | undefined> {
  try {
    const { request, reply } = requests.pageStatus;
    const asked = request.parse({ type: 'pageStatus' });
    const answer = reply.safeParse(await browser.tabs.sendMessage(tabId, asked));
    return answer.success ? answer.data : undefined;
  } catch {
    return undefined; // nobody listens in that tab
  }
}
