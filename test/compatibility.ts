import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import manifest from '../manifest.json' with { type: 'json' };

/** Mozilla's compatibility data, and the versions that the manifest declares. */

interface Support {
  version_added?: string | false;
  flags?: unknown;
}
export interface Entry {
  __compat?: { support: Record<string, Support | Support[]> };
  [member: string]: unknown;
}
export type Entries = Record<string, Entry>;

const require = createRequire(import.meta.url);
export const data = JSON.parse(readFileSync(require.resolve('@mdn/browser-compat-data'), 'utf8')) as {
  api: Entries;
  javascript: { builtins: Entries };
  webextensions: { api: Entries };
};

export const declared = {
  chrome: Number(manifest.minimum_chrome_version),
  firefox: Number.parseFloat(manifest.browser_specific_settings.gecko.strict_min_version),
  firefox_android: Number.parseFloat(manifest.browser_specific_settings.gecko_android.strict_min_version),
};
export type Browser = keyof typeof declared;

/** The first version that has it, Infinity where none does; undefined where that is not known. */
export function addedIn(entry: Entry, browser: Browser): number | undefined {
  const support = entry.__compat?.support[browser];
  if (!support) return undefined;
  const versions = [support]
    .flat()
    .filter(({ flags }) => !flags)
    .map(({ version_added: version }) =>
      typeof version !== 'string' || version === 'preview'
        ? Number.POSITIVE_INFINITY
        : Number.parseFloat(version.replace('≤', '')),
    );
  return Math.min(...versions, Number.POSITIVE_INFINITY);
}
