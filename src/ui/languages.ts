import en from '../../public/_locales/en/messages.json';
import es from '../../public/_locales/es/messages.json';
import ja from '../../public/_locales/ja/messages.json';
import ko from '../../public/_locales/ko/messages.json';
import ru from '../../public/_locales/ru/messages.json';
import zh from '../../public/_locales/zh_CN/messages.json';
import { inTexts, type TextKey, type Texts, t } from './text';

const texts: Record<string, Texts> = { en, es, ja, ko, ru, zh };

/** Languages that there are texts in. */
export const languageNames = Object.keys(texts);

/** A text of a reader's language, with what stands for $1, $2 and so on. */
export type Speak = (key: TextKey, ...values: string[]) => string;

/** What a reader reads. */
export interface Language {
  /** As browsers name it, for dates. */
  tag: string;
  speak: Speak;
  /** Runs what words the texts of `src/ui` in this language. */
  say<T>(run: () => T): T;
}

/**
 * The first of the tags wanted that there are texts in, by its language alone; English where there is none.
 *
 * @example
 * languageOf(['zh-Hant-TW', 'en']).tag // 'zh-Hant-TW'
 */
export function languageOf(wanted: readonly (string | null | undefined)[]): Language {
  const known = wanted.find((tag) => tag && Object.hasOwn(texts, nameOf(tag)));
  const tag = known ?? 'en';
  const table = texts[nameOf(tag)]!;
  return {
    tag,
    speak: (key, ...values) => inTexts(table, () => t(key, ...values)),
    say: (run) => inTexts(table, run),
  };
}

const nameOf = (tag: string): string => tag.split(/[-_]/)[0]!.toLowerCase();

/** What the page says of an element's language, then the reader's own. */
export function languageAround(element: Element): Language {
  const page = element.closest('[lang]')?.getAttribute('lang');
  return languageOf([page, ...(element.ownerDocument.defaultView?.navigator.languages ?? [])]);
}
