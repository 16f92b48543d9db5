/** Buttons over charts say these: the lek and the paʻanga, in which a price would stand far from the dollar's anyway. */
const words = ['ALL', 'TOP'];

/** Codes of all currencies but the dollar, in which the symbols' prices are. */
export const otherCurrencies: ReadonlySet<string> = new Set(
  Intl.supportedValuesOf('currency').filter((code) => code !== 'USD' && !words.includes(code)),
);
