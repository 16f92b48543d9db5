import { expect, test } from 'vitest';
import english from '../../public/_locales/en/messages.json';
import { mood } from '../../src/ui/mood';
import { useTexts } from '../../src/ui/text';

useTexts(english);

test('the index is told with its word; one that is not known stays as it was published', () => {
  expect(mood({ value: 20, word: 'Extreme Fear' })).toBe('20 · Extreme fear');
  expect(mood({ value: 47, word: 'Neutral' })).toBe('47 · Neutral');
  expect(mood({ value: 1, word: 'constructor' })).toBe('1 · constructor');
});
