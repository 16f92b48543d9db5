import { expect, test } from 'vitest';
import manifest from '../../manifest.json';
import { covers } from '../../src/popup/covers';

test.each([
  ['https://www.binance.com/*', 'https://www.binance.com/en/futures/BTCUSDT', true],
  ['https://www.binance.com/*', 'https://binance.com/', false],
  ['https://www.binance.com/*', 'http://www.binance.com/', false],
  ['https://www.binance.com/*', 'https://www.binance.com.evil.example/', false],
  ['https://*.tradingview.com/*', 'https://de.tradingview.com/chart/', true],
  ['https://*.tradingview.com/*', 'https://tradingview.com/', true],
  ['https://*.tradingview.com/*', 'https://nottradingview.com/', false],
  ['https://www.okx.com/*', 'chrome://extensions/', false],
])('%s on %s: %s', (pattern, url, expected) => {
  expect(covers(pattern, url)).toBe(expected);
});

test('every pattern of the manifest covers the address it was made from', () => {
  for (const pattern of manifest.content_scripts.flatMap(({ matches }) => matches)) {
    expect(covers(pattern, pattern.replace('*.', 'www.').replace(/\*$/, 'x'))).toBe(true);
  }
});
