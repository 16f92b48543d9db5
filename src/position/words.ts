/** An amount of a coin with four significant digits. */
export function coins(base: number, symbol: string): string {
  const digits = base.toLocaleString('en-US', { maximumSignificantDigits: 4 });
  return `${digits} ${symbol.split('-')[0]}`;
}
