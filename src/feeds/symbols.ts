import type { Instrument } from './feed';

/**
 * Names of instruments. Ours is `COIN-USDT` with prices per coin; venues write BTCUSDT, BTC-USDT-SWAP or BTC, and list
 * cheap coins by the thousand or more: 1000PEPEUSDT, SHIB1000USDT, 1MBABYDOGEUSDT, 10000000AIDOGEUSDT, kPEPE.
 */

const canonicalName = /^[A-Z0-9]{1,20}-USDT$/;
/**
 * Coin and factor of a base name. A name that only begins with another digit (1INCH) is a coin's own.
 *
 * @example
 * splitMultiplier('1000PEPE') // { coin: 'PEPE', multiplier: 1000 }
 * splitMultiplier('1INCH') // { coin: '1INCH', multiplier: 1 }
 */
export function splitMultiplier(base: string): { coin: string; multiplier: number } {
  const front = /^(10{3,7}|1M)([A-Z][A-Z0-9]*)$/.exec(base);
  if (front) return { coin: front[2]!, multiplier: front[1] === '1M' ? 1e6 : Number(front[1]) };
  const back = /^([A-Z]{2,})1000$/.exec(base);
  if (back) return { coin: back[1]!, multiplier: 1000 };
  return { coin: base, multiplier: 1 };
}

/**
 * A venue's list with each canonical name once. Where the coin and its thousands are both listed, the plain one keeps
 * the coin's name and the other its own (1000X-USDT, factor 1). Names outside A–Z and 0–9 are left out.
 */
export function withoutClashes(instruments: Instrument[]): Instrument[] {
  const plain = new Set(instruments.filter((each) => each.multiplier === 1).map((each) => each.symbol));
  const seen = new Set<string>();
  return instruments.flatMap((each) => {
    const kept =
      each.multiplier !== 1 && plain.has(each.symbol)
        ? { ...each, symbol: each.native.replace(/-?USDT.*$/, '-USDT'), multiplier: 1 }
        : each;
    if (seen.has(kept.symbol) || !canonicalName.test(kept.symbol)) return [];
    seen.add(kept.symbol);
    return [kept];
  });
}

/**
 * The instrument that a name from a page, a title or another venue means: the venue's own name first, then ours, then
 * the coin left after suffixes, quote currency and a factor. `undefined` when it is not listed.
 *
 * @example
 * findInstrument('1000PEPEUSDT.P', bitgetInstruments)?.native // 'PEPEUSDT'
 */
export function findInstrument(name: string, instruments: readonly Instrument[]): Instrument | undefined {
  const own =
    instruments.find((each) => each.native === name) ??
    instruments.find((each) => each.native.toUpperCase() === name.toUpperCase());
  if (own) return own;
  const bySymbol = (coin: string) => instruments.find((each) => each.symbol === `${coin}-USDT`);
  // Hyperliquid marks thousands by a lower-case k, the one place where case tells names apart.
  const spelled = name.replace(/^k(?=[A-Z]{2,})/, '1000').toUpperCase();
  const coin = spelled
    .replace(/^P[FI]_/, '')
    .replace(/(-SWAP|\.P|[-_]?PERP(ETUAL)?)$/, '')
    .replace(/[-_/:]?(USDT|USDC|USD)M?$/, '')
    .replace(/^XBT$/, 'BTC');
  return bySymbol(coin) ?? bySymbol(splitMultiplier(coin).coin);
}
