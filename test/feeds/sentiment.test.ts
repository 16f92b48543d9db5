import { expect, it } from 'vitest';
import { fearAndGreed } from '../../src/feeds/sentiment';
import { changed, fixture } from './fixture';

it('gives days in ms, oldest first', () => {
  expect(fearAndGreed().parse(fixture('sentiment', 'fng'), 0)).toEqual([
    { time: 1777161600000, value: 31, word: 'Fear' },
    { time: 1777248000000, value: 47, word: 'Neutral' },
  ]);
});

it('leaves out values outside 0 to 100 and milliseconds, and refuses a stated error', () => {
  const read = (path: string, value: unknown) =>
    fearAndGreed().parse(changed(fixture('sentiment', 'fng'), path, value), 0);
  for (const [path, value] of [
    ['data.0.value', '147'],
    ['data.0.value', 'NaN'],
    ['data.0.timestamp', '1777248000000'],
  ] as const)
    expect(read(path, value).map((day) => day.value)).toEqual([31]);
  expect(() => read('metadata.error', 'try later')).toThrow(
    expect.objectContaining({ kind: 'unavailable', venue: 'sentiment' }),
  );
});
