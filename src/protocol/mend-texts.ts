import { recordOf } from './form';

/** The language of the manifest's `default_locale`. */
const usual = 'en';

/**
 * Gives this process the extension's texts where the browser does not: Chrome, asked a moment after it has loaded an
 * extension, may answer with empty texts, and does so to all pages and the worker for as long as their process lives. Then
 * they are read from the package. Where all is well nothing is done.
 */
export async function mendTexts(): Promise<void> {
  if (chrome.i18n.getMessage('extensionName') !== '') return;
  const language = chrome.i18n.getUILanguage();
  const found = [language.replace('-', '_'), language.split('-')[0]!, usual].map(tableOf);
  const table = (await Promise.all(found)).find((each) => each !== undefined);
  if (!table) return;
  chrome.i18n.getMessage = (key: string, values?: string | (string | number)[]): string => {
    const put = [values ?? []].flat();
    const { message = '' } = recordOf(table[key]);
    return String(message).replace(/\$([1-9])/g, (_, n) => String(put[n - 1] ?? ''));
  };
}

async function tableOf(locale: string): Promise<Record<string, unknown> | undefined> {
  try {
    const answer = await fetch(chrome.runtime.getURL(`_locales/${locale}/messages.json`));
    return recordOf(await answer.json());
  } catch {
    // Not one of its languages.
    return undefined;
  }
}
