import { expect, it } from 'vitest';
import { fearAndGreed } from '../../src/feeds/sentiment';
import { changed, fixture } from './fixture';

it('gives days in ms, oldest first', () => {
  expect(fearAndGreed().parse(fixture('sentiment', 'fng'), 0)).toEqual([
    { time: 1777161600000, value: 31, word: 'Fear' },
    { time: 1777248000000, value: 47, word: 'Neutral' },
  ]);
});

it('refuses values outside 0 to 100, milliseconds, and a stated error', () => {
  const refused = (path: string, value: unknown, kind: string) =>
    expect(() => fearAndGreed().parse(changed(fixture('sentiment', 'fng'), path, value), 0)).toThrow(
      expect.objectContaining({ kind, venue: 'sentiment' }),
    );
  refused('data.0.value', '147', 'malformed');
  refused('data.0.value', 'NaN', 'malformed');
  refused('data.0.timestamp', '1777248000000', 'malformed');
  refused('metadata.error', 'try later', 'unavailable');
});
