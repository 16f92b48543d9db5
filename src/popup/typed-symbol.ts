/** The symbol someone means by `btc`, `BTCUSDT`, `BTC/USDT` or `1000PEPE-USDT`; undefined for anything else. */
export function typedSymbol(typed: string): string | undefined {
  const pair = typed
    .trim()
    .toUpperCase()
    .replace(/[\s/_:-]+/g, '');
  const coin = /^([A-Z0-9]{1,20}?)(?:USDT|USDC|USD)?$/.exec(pair)?.[1];
  return coin && `${coin}-USDT`;
}

/** The coin a page's title names as a pair: `BTC/USDT 97,123 – Some Exchange`. */
export function titledSymbol(title: string): string | undefined {
  const coin = /\b([A-Z0-9]{2,15}?)[-_/]?(?:USDT|USDC|USD)\b/.exec(title)?.[1];
  return coin && `${coin}-USDT`;
}
