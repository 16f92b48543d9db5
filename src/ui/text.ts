import type messages from '../../public/_locales/en/messages.json';

/**
 * Every text on screen comes from `public/_locales`, the one source.
 *
 * Keys are `place_what`. Places: `map` (what is said about any map: badge, popup, widget); `window`, `palette`, `mode`,
 * `health`, `feed`, `quality`, `refusal` (one key for each value of that setting, state or reason); `badge`, `panel`, `popup`,
 * `widget` (said there first). The two names that the manifest needs start with `extension`. `$1` to `$9` stand for what is put
 * in, and are described beside it.
 */
export type TextKey = keyof typeof messages;

export type Texts = Readonly<Record<TextKey, { readonly message: string }>>;

let bundled: Texts | undefined;

/** Where there is no extension, and so no browser to look texts up: the table to take them from. */
export function useTexts(texts: Texts): void {
  bundled = texts;
}

/** Runs what looks up texts with another table, such as that of a reader's language. */
export function inTexts<T>(texts: Texts, run: () => T): T {
  const before = bundled;
  bundled = texts;
  try {
    return run();
  } finally {
    bundled = before;
  }
}

/**
 * The text of a key in the user's language, with `substitutions` for $1, $2 and so on. An unknown key is empty, as the
 * browser has it.
 *
 * @example
 * t('map_dataAge', '12 s') // 'Data 12 s old'
 */
export function t(key: TextKey, ...substitutions: string[]): string {
  if (!bundled) return chrome.i18n.getMessage(key, substitutions);
  return (bundled[key]?.message ?? '').replace(/\$([1-9])/g, (_, n) => substitutions[n - 1] ?? '');
}

/** The key of one value of a setting or state. */
export function keyOf<P extends string, V extends string>(place: P, value: V): `${P}_${V}` {
  return `${place}_${value}`;
}
