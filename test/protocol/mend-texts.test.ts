import { expect, it, vi } from 'vitest';
import english from '../../public/_locales/en/messages.json';
import spanish from '../../public/_locales/es/messages.json';
import { mendTexts } from '../../src/protocol/mend-texts';

const texts: Record<string, unknown> = { en: english, es: spanish };

/** A browser that answers with these texts, in a user's language. */
function browser(language: string, getMessage: (key: string, values?: unknown) => string) {
  const i18n = { getMessage, getUILanguage: () => language };
  vi.stubGlobal('chrome', { i18n, runtime: { getURL: (path: string) => `chrome-extension://id/${path}` } });
  const fetched = vi.fn(async (url: string) => {
    const table = texts[/_locales\/(\w+)\//.exec(url)![1]!];
    if (!table) throw new TypeError('Failed to fetch');
    return Response.json(table);
  });
  vi.stubGlobal('fetch', fetched);
  return { i18n, fetched };
}

it.each([
  ['es-419', spanish],
  ['en-US', english],
  ['fi', english],
])('a browser that has no texts for %s gets those of the package', async (language, table) => {
  const { i18n } = browser(language, () => '');
  await mendTexts();
  expect(i18n.getMessage('options_alerts')).toBe(table.options_alerts.message);
  expect(i18n.getMessage('map_dataAge', ['12 s'])).toBe(table.map_dataAge.message.replace('$1', '12 s'));
  expect(i18n.getMessage('no_such_key')).toBe('');
});

it('a browser that has them is left as it is', async () => {
  const { i18n, fetched } = browser('en-US', () => 'Liqbands');
  await mendTexts();
  expect(i18n.getMessage('options_alerts')).toBe('Liqbands');
  expect(fetched).not.toHaveBeenCalled();
});
