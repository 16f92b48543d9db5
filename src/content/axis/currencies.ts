/** Codes of all currencies but the dollar, in which the symbols' prices are. */
export const otherCurrencies: ReadonlySet<string> = new Set(
  Intl.supportedValuesOf('currency').filter((code) => code !== 'USD'),
);
