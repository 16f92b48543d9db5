import type { Tabs } from 'webextension-polyfill';
import { windowIds } from '../../engine/records';
import { modes } from '../../protocol/looks';
import { type Settings, type SettingsChange, siteSettings } from '../../protocol/settings';

const opacityStep = 0.1;

const next = <T>(all: readonly T[], now: T): T => all[(all.indexOf(now) + 1) % all.length]!;
const within = (opacity: number) => Math.min(1, Math.max(0.1, Math.round(opacity * 20) / 20));

/**
 * What a key changes; undefined where it changes nothing here, as on a page whose address the browser keeps to itself.
 *
 * @param command as the manifest names it
 */
export function changeOf(
  command: string,
  settings: Settings,
  tab: Pick<Tabs.Tab, 'url'> | undefined,
): SettingsChange | undefined {
  if (command === 'next-mode') return { mode: next(modes, settings.mode) };
  if (command === 'next-window') return { window: next(windowIds, settings.window) };
  if (command === 'toggle-labels') return { labels: !settings.labels };
  if (command === 'more-opaque') return { opacity: within(settings.opacity + opacityStep) };
  if (command === 'less-opaque') return { opacity: within(settings.opacity - opacityStep) };
  const url = URL.parse(tab?.url ?? '');
  if (command !== 'toggle-site' || url?.protocol !== 'https:') return undefined;
  const { enabled } = siteSettings(settings, url.hostname);
  return { sites: { [url.hostname]: { enabled: !enabled } } };
}
