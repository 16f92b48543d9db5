import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsePosition } from '../../../src/engine/risk/parse-position';

const long = { side: 'long', coin: 'BTC', entry: 97_000, leverage: 25, base: 0.5 };

test.each([
  ['long BTC 97000 25x 0.5 stop 95800 tp 99500', { ...long, stop: 95_800, target: 99_500 }],
  ['LONG btc 97,000 x25 0.5', long],
  ['25x long BTC @97000 size 0.5 sl: 95800', { ...long, stop: 95_800 }],
  ['BTCUSDT Perp Long 25x 0.5 BTC Entry Price 97,000.0', long],
  ['BTCUSDT Perp 25x 0.5 BTC 97,000.0 Buy', long],
  ['BTC-USDT-SWAP Isolated 25x -0.5 97000', { ...long, side: 'short', margin: 'isolated' }],
  [
    'short 1000PEPEUSDT 0.0123 10x 50000 target 0.011',
    {
      side: 'short',
      coin: '1000PEPE',
      entry: 0.0123,
      leverage: 10,
      base: 50_000,
      target: 0.011,
    },
  ],
  [
    'sell ETH/USDT entry=3400 qty=2 50x',
    { ...long, side: 'short', coin: 'ETH', entry: 3400, base: 2, leverage: 50 },
  ],
])('%s', (text, expected) => {
  expect(parsePosition(text)).toEqual(expected);
});

test.each([
  ['BTC 97000 25x 0.5', { ...long, side: undefined }],
  ['long 97000 25x 0.5', { ...long, coin: undefined }],
  ['long BTC 25x', { side: 'long', coin: 'BTC', leverage: 25 }],
  ['long BTC 97000 25x', { ...long, base: undefined }],
  ['long BTC 97000 0.5', { ...long, leverage: undefined }],
  ['constructor BTC 97000 25x 0.5', { ...long, side: undefined, coin: 'CONSTRUCTOR' }],
  ['', {}],
])('nothing is made up for what "%s" lacks', (text, found) => {
  expect(parsePosition(text)).toEqual(found);
});

test.each([
  ['long BTC 97000 25x 0.5 stop 1 stop 2', 'one stop, not two'],
  ['x'.repeat(501), 'at most 500 characters'],
])('"%s" is refused: %s', (text, why) => {
  expect(() => parsePosition(text)).toThrow(new RegExp(`^parsePosition requires .*${why}`));
});

test('any text gives finite numbers, or is refused by name', () => {
  const word = fc.oneof(
    fc.constantFrom(
      'long',
      'short',
      'BTC',
      'ETHUSDT',
      '25x',
      'stop',
      'tp',
      'entry',
      'size',
      '97,000',
      '0.5',
      '-3',
      '@',
      '1e9',
      '__proto__',
      'constructor',
    ),
    fc.string({ maxLength: 8 }),
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), (words) => {
      try {
        const { side, entry, leverage, base, stop, target } = parsePosition(words.join(' '));
        expect(['long', 'short', undefined]).toContain(side);
        for (const value of [entry, leverage, base, stop, target])
          if (value !== undefined) expect(value).toSatisfy(Number.isFinite);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
        expect(String(error)).toContain('parsePosition requires');
      }
    }),
    { numRuns: 1000 },
  );
});
