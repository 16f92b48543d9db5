/**
 * Names of markets: the one reader of what pages, titles, users and venues write. Ours is `COIN-USDT` with prices per
 * coin, whatever dollar a pair is quoted in. Venues write BTCUSDT, BTC-USDT-SWAP or BTC, and list cheap coins by the
 * thousand or more: 1000PEPEUSDT, SHIB1000USDT, 1MBABYDOGEUSDT, 10000000AIDOGEUSDT, kPEPE. A name alone can mean two
 * markets (KPEPE: a coin, or a thousand PEPE in capitals; 1000X: a coin, or a thousand X); a venue's list tells which.
 */

/**
 * A canonical name. Coins may have names of letters that know no case. What is no coin, or is a third party's market, says
 * so in front, in small letters: `stock:NVDA-USDT`, `xyz:NVDA-USDT`.
 */
export const symbolPattern = /^(?:[\p{Ll}\p{N}]{1,12}:)?[\p{Lu}\p{Lo}\p{N}]{1,20}-USDT$/u;

/** What a name means. */
export interface NamedMarket {
  /** Canonical, such as `PEPE-USDT`. */
  symbol: string;
  /** Coins per unit of the price that the name stands for (1000PEPE: 1000). */
  multiplier: number;
}

/** A market on a venue's list, under the venue's own name. */
export interface ListedMarket extends NamedMarket {
  native: string;
}

/** Coins that some venues spell in their own way. */
const spellings: Record<string, string> = { XBT: 'BTC', XDG: 'DOGE' };

/** Case tells Hyperliquid's thousands (kPEPE) from coins (KAS); otherwise it says nothing. */
const upper = (name: string): string =>
  name
    .trim()
    .replace(/^k(?=\p{Lu}{2})/u, '1000')
    .toUpperCase();

/**
 * Coin and factor of a base name. A name that only begins with another digit (1INCH) is a coin's own.
 *
 * @example
 * splitMultiplier('1000PEPE') // { coin: 'PEPE', multiplier: 1000 }
 * splitMultiplier('kPEPE') // { coin: 'PEPE', multiplier: 1000 }
 * splitMultiplier('1INCH') // { coin: '1INCH', multiplier: 1 }
 */
export function splitMultiplier(base: string): { coin: string; multiplier: number } {
  const name = upper(base);
  const front = /^(10{3,7}|1M)(\p{L}[\p{L}\p{N}]*)$/u.exec(name);
  if (front) return { coin: front[2]!, multiplier: front[1] === '1M' ? 1e6 : Number(front[1]) };
  const back = /^(\p{L}{2,})1000$/u.exec(name);
  return back ? { coin: back[1]!, multiplier: 1000 } : { coin: name, multiplier: 1 };
}

/** The base of a pair's name with its factor still on, such as 1000PEPE; undefined where it names no pair in dollars. */
function baseOf(name: string): string | undefined {
  const bare = upper(name)
    .replace(/^(?:P[FI]_|FUTURES-)/, '')
    .replace(/^(.+\/\w+):\w+$/, '$1')
    .replace(/(?:[-_.](?:SWAP|PERPETUAL|PERP|[UDC]MCBL|PS?)|PERP)$/, '');
  // BUSD is told from a coin that ends in B only where it stands apart; no venue trades in it any more.
  const pair = /^([\p{L}\p{N}]{1,20}?)(?:[-_/: ]BUSD|[-_/: ]?(?:USD[TCE1]?|FDUSD))M?$/u.exec(bare);
  const alone = /^([\p{L}\p{N}]{1,20}?)[-_]?PERP(?:ETUAL)?$/u.exec(upper(name));
  return (pair ?? alone)?.[1];
}

function marketOf(base: string): NamedMarket | undefined {
  const { coin, multiplier } = splitMultiplier(base);
  const symbol = `${spellings[coin] ?? coin}-USDT`;
  return symbolPattern.test(symbol) ? { symbol, multiplier } : undefined;
}

/**
 * The market that a pair's name means: `BTCUSDT`, `BTC-USDT-SWAP`, `BTC_USDT`, `BTC/USDT:USDT`, `XBTUSDTM`, `PF_XBTUSD`,
 * `BTC-PERPETUAL`, `1000PEPEUSDT.P`, `BTC-USD`. Dollars of any kind are one market to us.
 *
 * @returns undefined for names without a dollar quote or with anything left over (dated futures, options, other dexes'
 * coins such as `xyz:NVDA`)
 */
export function marketOfPair(name: string): NamedMarket | undefined {
  const base = baseOf(name);
  return base === undefined ? undefined : marketOf(base);
}

/** The same from the coin's name alone: `BTC`, `kPEPE`. */
export const marketOfCoin = (coin: string): NamedMarket | undefined =>
  /^USDT?$/.test(upper(coin)) ? undefined : marketOf(coin);

/** Contracts and pairs that have no map of liquidation levels here: futures that end, options, and prices in other money. */
export type ForeignContract = 'dated' | 'option' | 'quote';

const dated = /(?:[-_]\d{6}|[-_]\d{1,2}[A-Z]{3}\d{2}|USD[TCE1]?[FGHJKMNQUVXZ]\d{2,4}|_QUARTER|\d!)$/;
const otherQuote =
  /^[\p{L}\p{N}]+?[-_/]?(?:BTC|ETH|BNB|SOL|TRX|EURI?|GBP|TRY|BRL|JPY|KRW|AUD|CAD|CHF|RUB|UAH|ARS|MXN|COP|CZK|PLN|RON|IDRT?|AED|SGD|INR|ZAR|NGN|DAI|HYPE|BTT|XRP|DOGE)$/u;

/**
 * What kind of contract a name means, where it is none that `marketOfPair` knows.
 *
 * @example
 * foreignContract('BTCUSDT_260327') // 'dated'
 * foreignContract('BTC-27MAR26-100000-C') // 'option'
 * foreignContract('ETHBTC') // 'quote'
 */
export function foreignContract(name: string): ForeignContract | undefined {
  const bare = upper(name);
  if (/-[\d.D]+-[CP](?:-USD[TC]?)?$/.test(bare)) return 'option';
  if (dated.test(bare) && /\p{L}/u.test(bare)) return 'dated';
  return baseOf(name) === undefined && otherQuote.test(bare) ? 'quote' : undefined;
}

/**
 * A name as a venue's spot market has it: there the letters of a perpetual may stand for another asset, such as a share and
 * a coin of one ticker.
 */
export const spotName = (name: string): string => `spot:${name}`;

/** What someone means by a pair or a coin. */
export const marketNamed = (name: string): NamedMarket | undefined =>
  marketOfPair(name) ?? marketOfCoin(name);

/**
 * The name under which a user's choice is kept: a coin or a pair as someone types it, its factor left on.
 *
 * @example
 * typedSymbol('1000pepe/usdt') // '1000PEPE-USDT'
 */
export function typedSymbol(typed: string): string | undefined {
  const base = baseOf(typed) ?? (marketOfCoin(typed) && upper(typed));
  return base && marketOf(base) && `${base}-USDT`;
}

/** The first pair that a title names in capitals: `BTC/USDT 97,123 – Some Exchange`. */
export function titledSymbol(title: string): string | undefined {
  for (const [word] of title.matchAll(/[\p{L}\p{N}]+(?:[-_/.][\p{L}\p{N}]+)*/gu)) {
    const base = word === word.toUpperCase() ? baseOf(word) : undefined;
    if (base && marketOf(base)) return `${base}-USDT`;
  }
  return undefined;
}

/**
 * A venue's list with each canonical name once. Where the coin and its thousands are both listed, the plain one keeps
 * the coin's name and the other its own (1000X-USDT, factor 1).
 */
export function withoutClashes<M extends ListedMarket & { tickSize: number }>(list: readonly M[]): M[] {
  const plain = new Set(list.filter((each) => each.multiplier === 1).map((each) => each.symbol));
  const seen = new Set<string>();
  return list.flatMap((each) => {
    const { symbol, native, multiplier, tickSize } = each;
    const kept =
      multiplier !== 1 && plain.has(symbol)
        ? {
            ...each,
            symbol: `${baseOf(native) ?? upper(native)}-USDT`,
            multiplier: 1,
            tickSize: tickSize * multiplier,
          }
        : each;
    if (seen.has(kept.symbol) || !symbolPattern.test(kept.symbol)) return [];
    seen.add(kept.symbol);
    return [kept];
  });
}

/**
 * What a name on a venue's own page means by that venue's list: the venue's own name first, then the coin under its whole
 * name, then the coin left without a factor. Where the list has the plain coin alone, its thousands are another asset. Only
 * its own name means what is no coin, and no spot market does.
 *
 * @param list what the venue lists
 * @param name as the page has it, in whatever case
 * @returns what the name means by itself where the list has nothing like it; undefined where it means nothing
 * @example
 * marketOn(hyperliquidList, 'KPEPEUSDC.P') // { symbol: 'PEPE-USDT', multiplier: 1000 }
 */
export function marketOn(list: readonly ListedMarket[], name: string): NamedMarket | undefined {
  const isSpot = name.startsWith(spotName(''));
  const written = isSpot ? name.slice(spotName('').length) : name;
  const base = baseOf(written) ?? upper(written);
  const named = marketOf(base);
  const plain = written.replace(/\.P$/i, '').toUpperCase();
  const isCoin = ({ symbol }: ListedMarket) => !symbol.includes(':');
  const own =
    (!isSpot &&
      (list.find(({ native }) => native === written) ??
        list.find(({ native }) => native.toUpperCase() === plain))) ||
    list.find(
      (each) =>
        isCoin(each) &&
        ((baseOf(each.native) ?? upper(each.native)) === base || each.native.toUpperCase() === base),
    );
  if (own) return { symbol: own.symbol, multiplier: own.multiplier };
  const whole = { symbol: `${base}-USDT`, multiplier: 1 };
  const isOtherAsset =
    named !== undefined &&
    named.multiplier !== 1 &&
    list.some(({ symbol, multiplier }) => symbol === named.symbol && multiplier === 1);
  return named && (isOtherAsset || list.some(({ symbol }) => symbol === whole.symbol)) ? whole : named;
}
