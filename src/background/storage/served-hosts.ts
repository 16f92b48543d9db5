import browser from 'webextension-polyfill';
import type { HostChoice, HostMemory } from '../../feeds/net/hosts';
import { type Form, finite, fits, object, recordOf, text } from '../../protocol/form';

const name = 'servedHosts';

const Choice: Form<HostChoice> = object({ host: text(), at: finite });

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
  const { [name]: value } = recordOf(await browser.storage.local.get(name).catch(() => undefined));
  return Object.fromEntries(
    Object.entries(recordOf(value)).flatMap(([main, choice]) =>
      fits(Choice, choice) ? [[main, choice]] : [],
    ),
  );
}
