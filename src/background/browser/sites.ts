import browser, { type Runtime } from 'webextension-polyfill';
import type { WantedScript } from '../../protocol/handshake';
import { changeSettings } from '../storage/settings-writer';
import { answerOf } from './answers';

/**
 * Sites the user has added. The browser's own list of granted hosts is the only record: whoever gives or takes a
 * permission, in the popup or in the browser's settings, the content scripts follow it. Hosts that are only asked for data, or
 * that the user has alerts sent to, are no sites: they are `reached`.
 */

type Reached = () => Promise<readonly string[]>;

interface PageScript {
  id: string;
  js: string[];
  world?: 'MAIN';
}

const declared = () => browser.runtime.getManifest().content_scripts ?? [];

/** Reader and overlay under the names the build gave them. */
const scripts = (): PageScript[] =>
  declared().map(({ js = [], ...rest }) => {
    const isReader = (rest as { world?: string }).world === 'MAIN';
    return isReader ? { id: 'site-reader', js, world: 'MAIN' } : { id: 'site-overlay', js };
  });

/** Patterns that a manifest asks for itself. */
function ownPatterns(): Set<string> {
  const { host_permissions: hosts = [] } = browser.runtime.getManifest() as { host_permissions?: string[] };
  return new Set([...hosts, ...declared().flatMap(({ matches }) => matches ?? [])]);
}

/** Of patterns such as `https://charts.example/*` those of sites beyond the extension's own. */
export async function sitesAmong(origins: readonly string[], reached: Reached): Promise<string[]> {
  const own = ownPatterns();
  const hosts = await reached();
  return origins
    .filter((origin) => origin.startsWith('https://') && !own.has(origin))
    .filter((origin) => !hosts.some((host) => origin === `https://${host}/*`))
    .sort();
}

let pending: Promise<void> = Promise.resolve();

/** Makes the registered content scripts those of the sites allowed now. Calls apply one after the other. */
export function syncSites(reached: Reached): Promise<void> {
  pending = pending
    .then(() => answerOf(register(reached)))
    .catch((error: unknown) => {
      console.warn('The added sites could not be registered', error);
    });
  return pending;
}

async function register(reached: Reached): Promise<void> {
  const { origins = [] } = await browser.permissions.getAll();
  const matches = await sitesAmong(origins, reached);
  const { scripting } = chrome;
  const wanted = scripts();
  const ids = wanted.map(({ id }) => id);
  const present = await scripting.getRegisteredContentScripts({ ids });
  const asWanted =
    present.length === (matches.length > 0 ? wanted.length : 0) &&
    present.every((script) => [...(script.matches ?? [])].sort().join() === matches.join());
  if (asWanted) return;
  if (present.length > 0) await scripting.unregisterContentScripts({ ids: present.map(({ id }) => id) });
  if (matches.length === 0) return;
  const excludeMatches = declared().flatMap((script) => script.matches ?? []);
  await scripting.registerContentScripts(
    wanted.map((script) => ({
      ...script,
      matches,
      // A pattern may be wider than one site; where the extension runs anyway it runs once.
      excludeMatches: [...new Set(excludeMatches)],
      runAt: 'document_start',
      allFrames: true,
      matchOriginAsFallback: true,
      persistAcrossSessions: true,
    })),
  );
}

/**
 * Pages that are open keep the overlay they have until they are loaded again: the switch of their site hides it when the
 * permission goes, and shows it when it comes back.
 */
export async function switchSites(sites: readonly string[], enabled: boolean): Promise<void> {
  const hosts = sites.flatMap((site) => /^https:\/\/([^/*]+)\/\*$/.exec(site)?.[1] ?? []);
  if (hosts.length === 0) return;
  await changeSettings({ sites: Object.fromEntries(hosts.map((host) => [host, { enabled }])) }).catch(
    () => undefined,
  );
}

/** Starts the overlay in pages that were open before their site was allowed. */
export async function enterOpenTabs(sites: readonly string[]): Promise<void> {
  if (sites.length === 0) return;
  const tabs = await browser.tabs.query({});
  // One that is frozen, or hangs, answers no sooner than it goes on: the others do not wait for it.
  await Promise.all(tabs.map(({ id }) => id !== undefined && enterTab(id, sites).catch(() => undefined)));
}

/** Built beside the scripts that the manifest names: brought into frames that want them. */
const overlayScript = 'src/content/overlay.iife.js';

type Frame = Runtime.MessageSender | undefined;

/** Brings the overlay into a frame that has a chart; false where the browser does not let us. */
export const bringOverlay = (frame: Frame): Promise<boolean> => bring(overlayScript, frame);

/** Brings a further script into a frame that asks for it; false where the browser does not let us. */
export const bringScript = (script: WantedScript, frame: Frame): Promise<boolean> =>
  bring(`src/content/${script}.iife.js`, frame);

async function bring(file: string, frame: Frame): Promise<boolean> {
  const { tab, frameId } = frame ?? {};
  if (tab?.id === undefined || frameId === undefined) return false;
  try {
    await chrome.scripting.executeScript({
      target: { tabId: tab.id, frameIds: [frameId] },
      files: [file],
      injectImmediately: true,
    });
    return true;
  } catch {
    return false;
  }
}

async function enterTab(tabId: number, origins: readonly string[]): Promise<void> {
  const { scripting } = chrome;
  const hosts = origins.map((origin) => new URL(origin.replace('*.', '')).origin);
  // Frames of hosts that are not allowed are left out by the browser.
  const frames = await scripting.executeScript({
    target: { tabId, allFrames: true },
    func: () => [location.origin, 'liqbandsEntered' in globalThis],
  });
  const frameIds = frames
    .filter(({ result }) => Array.isArray(result) && hosts.includes(result[0] as string) && !result[1])
    .map(({ frameId }) => frameId);
  if (frameIds.length === 0) return;
  await scripting.executeScript({
    target: { tabId, frameIds },
    func: () => {
      Object.assign(globalThis, { liqbandsEntered: true });
    },
  });
  for (const { js, world } of scripts()) {
    await scripting.executeScript({ target: { tabId, frameIds }, files: js, ...(world && { world }) });
  }
}
