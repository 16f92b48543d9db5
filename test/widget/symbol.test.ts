import { expect, test } from 'vitest';
import { canonicalSymbol } from '../../src/widget/symbol';

test.each([
  ['ETH', 'ETH-USDT'],
  ['eth', 'ETH-USDT'],
  [' btc-usdt ', 'BTC-USDT'],
  ['1INCH', '1INCH-USDT'],
])('%s means %s', (name, symbol) => {
  expect(canonicalSymbol(name)).toBe(symbol);
});

test.each(['', 'ETH/USDT', 'ETH-USD', '-USDT', 'ETH USDT', '../eth', 'A'.repeat(21)])(
  '%s means nothing',
  (name) => {
    expect(canonicalSymbol(name)).toBeUndefined();
  },
);
