import type { Settings, SiteSettings } from '../../protocol/settings';
import { venueIds } from '../../venues';
import { symbolPattern } from '../../venues/symbols';
import { type Check, fits, isFlag, isText, oneOf } from './shape';

/** The user's settings as a page sees them: read with defaults in place of whatever is missing or broken. */

const key = 'settings';

const isRecord: Check = (value) => fits(value, {}) && !Array.isArray(value);

const isWindow = oneOf('12h', '24h', '7d', '30d');
const isMode = oneOf('levels', 'bands', 'profile', 'heatmap');
const areTiers: Check = (value) => fits(value, [isFlag]) && (value as unknown[]).length === 5;

const checks: Record<Exclude<keyof Settings, 'venues'>, Check> = {
  window: isWindow,
  opacity: (value) => typeof value === 'number' && value >= 0.1 && value <= 1,
  palette: oneOf('viridis', 'classic'),
  mode: isMode,
  tiers: areTiers,
  observed: isFlag,
  sites: (value) => isRecord(value) && Object.values(value as object).every(isRecord),
};

const defaults: Settings = {
  window: '24h',
  opacity: 0.6,
  palette: 'viridis',
  mode: 'levels',
  venues: Object.fromEntries(venueIds.map((id) => [id, true])) as Settings['venues'],
  tiers: [true, true, true, true, true],
  observed: false,
  sites: {},
};

const isPanel = oneOf('open', 'folded', 'closed');
const isCorner = oneOf('top-left', 'top-right', 'bottom-left', 'bottom-right');

/** Settings out of whatever is stored. */
export function readSettings(stored: unknown): Settings {
  const given = (typeof stored === 'object' && stored !== null ? stored : {}) as Record<string, unknown>;
  const read = { ...defaults } as Record<string, unknown>;
  for (const [name, check] of Object.entries(checks)) if (check(given[name])) read[name] = given[name];
  const venues = given.venues as Record<string, unknown> | null | undefined;
  read.venues = Object.fromEntries(venueIds.map((id) => [id, venues?.[id] !== false]));
  return read as unknown as Settings;
}

/** Choices for one host, with defaults. */
export function siteOf(settings: Settings, host: string): SiteSettings {
  const given = Object.hasOwn(settings.sites, host) ? settings.sites[host] : undefined;
  const symbol: unknown = given?.symbol;
  return {
    enabled: isFlag(given?.enabled) ? given!.enabled : true,
    corner: isCorner(given?.corner) ? given!.corner : undefined,
    window: isWindow(given?.window) ? given!.window : undefined,
    mode: isMode(given?.mode) ? given!.mode : undefined,
    tiers: areTiers(given?.tiers) ? given!.tiers : undefined,
    tooltip: given?.tooltip !== false,
    panel: isPanel(given?.panel) ? given!.panel : 'open',
    symbol: isText(symbol) && symbolPattern.test(symbol as string) ? (symbol as string) : undefined,
    insteadOf: isText(given?.insteadOf) ? given!.insteadOf : undefined,
  };
}

/** What holds on one host: the choices made there, and for all sites where none was. */
export function settingsAt(settings: Settings, host: string): Settings {
  const { window, mode, tiers } = siteOf(settings, host);
  return {
    ...settings,
    window: window ?? settings.window,
    mode: mode ?? settings.mode,
    tiers: tiers ?? settings.tiers,
  };
}

export async function loadSettings(): Promise<Settings> {
  return readSettings((await chrome.storage.local.get(key))[key]);
}

/** Calls back with the whole settings each time any context changed them. */
export function watchSettings(changed: (settings: Settings) => void, signal: AbortSignal): void {
  const listener = (changes: Record<string, chrome.storage.StorageChange>) => {
    if (key in changes) changed(readSettings(changes[key]?.newValue));
  };
  chrome.storage.local.onChanged.addListener(listener);
  signal.addEventListener('abort', () => {
    try {
      chrome.storage.local.onChanged.removeListener(listener);
    } catch {
      // The extension is gone, and the listener with it.
    }
  });
}

/** Stores a change; the result comes back through `watchSettings`, as everybody else's changes do. */
export async function updateSettings(change: (settings: Settings) => Partial<Settings>): Promise<void> {
  const settings = await loadSettings();
  await chrome.storage.local.set({ [key]: { ...settings, ...change(settings) } });
}
