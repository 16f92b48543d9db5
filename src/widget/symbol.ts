/**
 * The canonical name of the market that a coin or a pair means; `undefined` for anything else.
 *
 * @example
 * canonicalSymbol('eth') // 'ETH-USDT'
 */
export function canonicalSymbol(name: string): string | undefined {
  const coin = /^([A-Z0-9]{1,20})(-USDT)?$/.exec(name.trim().toUpperCase())?.[1];
  return coin && `${coin}-USDT`;
}
