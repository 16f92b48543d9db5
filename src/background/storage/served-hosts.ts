import type { HostChoice, HostMemory } from '../../feeds/net/hosts';
import { readStored, writeStored } from '../../protocol/browser-storage';
import { type Form, finite, fits, object, recordOf, text } from '../../protocol/form';

const name = 'servedHosts';

const Choice: Form<HostChoice> = object({ host: text(), at: finite });

/** Which hosts served in place of main ones, kept for as long as the browser's profile. */
export const servedHosts: HostMemory = {
  load: async () => new Map(Object.entries(await stored().catch(() => ({})))),
  async save(main, choice) {
    try {
      const { [main]: _, ...others } = await stored();
      await writeStored('local', { [name]: choice ? { ...others, [main]: choice } : others });
    } catch {
      // What cannot be read is not written over either; the next choice tries again.
    }
  },
};

async function stored(): Promise<Record<string, HostChoice>> {
  const { [name]: value } = await readStored('local', name);
  return Object.fromEntries(
    Object.entries(recordOf(value)).flatMap(([main, choice]) =>
      fits(Choice, choice) ? [[main, choice]] : [],
    ),
  );
}
