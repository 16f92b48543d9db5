import { describe, expect, it } from 'vitest';
import { titledSymbol, typedSymbol } from '../../src/popup/typed-symbol';

describe('a typed symbol', () => {
  it.each([
    ['btc', 'BTC-USDT'],
    [' BTCUSDT ', 'BTC-USDT'],
    ['eth/usdc', 'ETH-USDT'],
    ['sol-usd', 'SOL-USDT'],
    ['1000pepe_usdt', '1000PEPE-USDT'],
    ['BTC-USDT', 'BTC-USDT'],
  ])('%s is %s', (typed, symbol) => expect(typedSymbol(typed)).toBe(symbol));

  it.each(['', ' ', 'no coin!', '<b>', 'A'.repeat(40)])('%j is none', (typed) =>
    expect(typedSymbol(typed)).toBeUndefined(),
  );
});

describe('a page title', () => {
  it.each([
    ['BTC/USDT 97,123.4 – Some charts', 'BTC-USDT'],
    ['97,123 | ETHUSDT Perpetual', 'ETH-USDT'],
    ['Trade SOL-USD', 'SOL-USDT'],
  ])('%s names %s', (title, symbol) => expect(titledSymbol(title)).toBe(symbol));

  it.each(['', 'Some charts', 'USDT markets', 'Deposit in USD'])('%j names none', (title) =>
    expect(titledSymbol(title)).toBeUndefined(),
  );
});
