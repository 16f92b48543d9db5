import { expect, test } from 'vitest';
import { otherCurrencies } from '../../../src/content/axis/currencies';

test('names other money than the dollar, and takes no words of buttons for it', () => {
  for (const code of ['EUR', 'TRY', 'BRL', 'JPY']) expect(otherCurrencies.has(code), code).toBe(true);
  // The quotes that venues have, and what stands on buttons over charts.
  for (const word of ['USD', 'USDT', 'USDC', 'ALL', 'TOP', 'MAX', 'LOG', 'DAY'])
    expect(otherCurrencies.has(word), word).toBe(false);
});
