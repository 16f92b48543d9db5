import browser from 'webextension-polyfill';
import type { HostChoice, HostMemory } from '../../feeds/net/hosts';

const name = 'servedHosts';

/** Which hosts served in place of main ones, kept for as long as the browser's profile. */
export const servedHosts: HostMemory = {
  load: async () => new Map(Object.entries(await stored())),
  async save(main, choice) {
    const { [main]: _, ...others } = await stored();
    const next = choice ? { ...others, [main]: choice } : others;
    await browser.storage.local.set({ [name]: next }).catch(() => undefined);
  },
};

async function stored(): Promise<Record<string, HostChoice>> {
  const { [name]: value } = await browser.storage.local
    .get(name)
    .catch(() => ({}) as Record<string, unknown>);
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([, choice]) => isChoice(choice)));
}

function isChoice(value: unknown): value is HostChoice {
  if (typeof value !== 'object' || value === null) return false;
  const { host, at } = value as Record<string, unknown>;
  return typeof host === 'string' && Number.isFinite(at);
}
