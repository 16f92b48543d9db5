import type { VenueId } from '../../venues';
import type { PageSymbol } from './site';

/** Coins that some venues spell in their own way. */
const spellings: Record<string, string> = { XBT: 'BTC', XDG: 'DOGE' };

const quotes = '(?:USDT|USDC|USDE|FDUSD|BUSD|USD)';

/**
 * The coin an instrument's name stands for: `BTCUSDT`, `BTC-USDT-SWAP`, `BTC_USDT`, `XBTUSDTM`, `PF_XBTUSD`,
 * `BTC-PERPETUAL`, `1000PEPEUSDT.P`, `BTC-USD`. Quotes in dollars of any kind are one market to us.
 *
 * @returns undefined for names without a dollar quote or with anything left over (dated futures, options).
 */
export function fromInstrument(name = '', venue?: VenueId): PageSymbol | undefined {
  const bare = name
    .trim()
    .toUpperCase()
    .replace(/^(?:PF_|PI_|FUTURES-)/, '')
    .replace(/(?:[-_.](?:SWAP|PERPETUAL|PERP|UMCBL|DMCBL|CMCBL|P|PS)|PERP)$/, '');
  const pair = new RegExp(`^([A-Z0-9]{1,20}?)[-_/:]?${quotes}M?$`).exec(bare);
  const alone = /^([A-Z0-9]{1,20}?)-?PERP(?:ETUAL)?$/.exec(name.toUpperCase());
  const base = pair?.[1] ?? alone?.[1];
  return base ? fromCoin(base, venue) : undefined;
}

/** The same from the coin's name alone. */
export function fromCoin(coin: string, venue?: VenueId): PageSymbol | undefined {
  const upper = coin.toUpperCase();
  // A name that only begins with another digit (1INCH) is the coin's own.
  const front = /^(1000(?:0|000)?|1M)([A-Z][A-Z0-9]*)$/.exec(upper);
  const back = /^([A-Z]{2,})(1000)$/.exec(upper);
  const base = front?.[2] ?? back?.[1] ?? upper;
  const lot = front?.[1] ?? back?.[2];
  const multiplier = lot === '1M' ? 1e6 : Number(lot ?? 1);
  if (!/^[A-Z0-9]{1,20}$/.test(base)) return undefined;
  return { symbol: `${spellings[base] ?? base}-USDT`, multiplier, ...(venue ? { venue } : {}) };
}
