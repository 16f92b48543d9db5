import { afterEach, describe, expect, test, vi } from 'vitest';
import english from '../../public/_locales/en/messages.json';
import { keyOf, t, useTexts } from '../../src/ui/text';

describe('the English texts', () => {
  test.each(Object.entries(english))(
    '%s is named by its place, says something and stays neutral',
    (key, text) => {
      expect(key).toMatch(
        /^(extension|(map|window|palette|mode|health|feed|quality|badge|panel|popup|position|desk|options|welcome|accuracy|alert|command|refusal|widget|poster|worker)_[a-z0-9])[A-Za-z0-9_]*$/,
      );
      expect(text.message.trim()).toBe(text.message);
      expect(text.message).not.toBe('');
      expect(text.message).not.toMatch(/bull|bear|guarantee|will (rise|fall|go)|should (buy|sell)|profit/i);
    },
  );

  test('the description fits the browser’s limit of 132 characters', () => {
    expect(english.extensionDescription.message.length).toBeLessThanOrEqual(132);
  });
});

describe('t', () => {
  afterEach(() => vi.unstubAllGlobals());

  // Runs first: once a table is given it stays.
  test('asks the browser inside an extension', () => {
    vi.stubGlobal('chrome', {
      i18n: { getMessage: (key: string, values: string[]) => `${key}(${values.join('|')})` },
    });
    expect(t('map_dataAge', '12 s')).toBe('map_dataAge(12 s)');
  });

  test('takes texts from the table it was given elsewhere, and puts values in literally', () => {
    useTexts(english);
    expect(t('map_dataAge', '12 s')).toBe('Data 12 s old');
    expect(t('map_dataAge', '$2 $& $1')).toBe('Data $2 $& $1 old');
    expect(t('health_since', 'Late')).toBe('Late for ');
  });

  test('finds the text of a state by its name', () => {
    expect(t(keyOf('health', 'limited'))).toBe('Slowed down');
  });
});
