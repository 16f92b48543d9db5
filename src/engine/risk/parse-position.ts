import { need } from '../need';
import type { Side } from '../records';
import type { Position } from './position';

/** A position as it was written, with the coin it is in. */
export interface ParsedPosition extends Position {
  /** Coin in capitals: `BTC` of "BTC", "BTCUSDT", "BTC-USDT-SWAP" or "BTC/USDT"; a factor such as 1000 is kept. */
  coin: string;
}

const sideWords = new Map<string, Side>([
  ['long', 'long'],
  ['buy', 'long'],
  ['short', 'short'],
  ['sell', 'short'],
  ['多', 'long'],
  ['做多', 'long'],
  ['空', 'short'],
  ['做空', 'short'],
]);
const quoteWords = /[-_/]?(USDT|USDC|USD|PERP|SWAP|PERPETUAL)+([-_/.]?(P|PERP|SWAP|PERPETUAL|UMCBL))?$/;

/**
 * Reads a position from one line of text, typed (`long BTC 97000 25x 0.5 stop 95800 tp 99500`) or copied from an
 * exchange's positions table (`BTCUSDT Perp Long 25x 0.5 BTC Entry 97,000.0`).
 *
 * Words may come in any order. A number after `entry` or `@`, `size`, `stop` or `sl`, `tp` or `target` is that; one
 * followed by `x` is the leverage; one followed by the coin is the size; of the others the first is the entry and the
 * second the size. Thousands may be parted by commas, spaces within a number are not understood, percentages and other
 * words are passed over. A size below zero is a short's.
 *
 * Nothing is made up for what the line lacks.
 *
 * @throws RangeError for a line of more than 500 characters, or a number told twice
 * @example
 * parsePosition('long BTC 97000 25x 0.5 stop 95800'); // { side: 'long', coin: 'BTC', entry: 97000, leverage: 25, base: 0.5, stop: 95800 }
 * parsePosition('long BTC 97000'); // { side: 'long', coin: 'BTC', entry: 97000 }
 */
export function parsePosition(text: string): Partial<ParsedPosition> {
  need(text.length <= 500, 'parsePosition', 'a line of at most 500 characters');
  const words = text
    .replace(/[:=@()|;]/g, (mark) => (mark === '@' ? ' entry ' : ' '))
    .split(/\s+/)
    .filter(Boolean);
  const found: { [name in 'entry' | 'leverage' | 'base' | 'stop' | 'target']?: number } = {};
  let side: Side | undefined;
  let coin: string | undefined;
  const set = (name: keyof typeof found, value: number) => {
    need(found[name] === undefined, 'parsePosition', `one ${spoken[name]}, not two`);
    found[name] = value;
  };
  const rest: number[] = [];
  let expected: keyof typeof found | undefined;
  for (const [i, word] of words.entries()) {
    const lower = word.toLowerCase();
    const leverage = /^(\d+(?:\.\d+)?)x$|^x(\d+(?:\.\d+)?)$/.exec(lower);
    const value = numberOf(word);
    if (leverage) set('leverage', Number(leverage[1] ?? leverage[2]));
    else if (value !== undefined) {
      const next = words[i + 1]?.toUpperCase();
      if (expected) set(expected, expected === 'base' ? Math.abs(value) : value);
      else if (value < 0 || (next !== undefined && coin !== undefined && next === coin))
        set('base', Math.abs(value));
      else rest.push(value);
      // Tables of some venues tell a short by its size alone.
      if (value < 0) side ??= 'short';
      expected = undefined;
    } else if (sideWords.has(lower)) side = sideWords.get(lower);
    else if (labels.has(lower)) expected = labels.get(lower);
    else if (coin === undefined && /^[A-Z0-9]{1,15}([-_/.][A-Z]+)*$/i.test(word) && !ignored.has(lower)) {
      coin = word.toUpperCase().replace(quoteWords, '') || undefined;
    }
  }
  for (const name of ['entry', 'base'] as const) {
    const next = found[name] === undefined ? rest.shift() : undefined;
    if (next !== undefined) found[name] = next;
  }
  return { ...found, ...(side && { side }), ...(coin && { coin }) };
}

const spoken = { entry: 'entry price', leverage: 'leverage', base: 'size', stop: 'stop', target: 'target' };

const labels = new Map<string, 'entry' | 'base' | 'stop' | 'target'>([
  ['entry', 'entry'],
  ['avg', 'entry'],
  ['size', 'base'],
  ['qty', 'base'],
  ['amount', 'base'],
  ['stop', 'stop'],
  ['sl', 'stop'],
  ['tp', 'target'],
  ['target', 'target'],
  ['开仓', 'entry'],
  ['数量', 'base'],
  ['止损', 'stop'],
  ['止盈', 'target'],
]);

/** Words of positions tables that are no coins. */
const ignored = new Set([
  'perp',
  'perpetual',
  'swap',
  'cross',
  'isolated',
  'price',
  'usdt',
  'usdc',
  'usd',
  'loss',
  'profit',
]);

/** The number a word is, thousands parted by commas or not; undefined for anything else. */
function numberOf(word: string): number | undefined {
  const plain = /^[-−]?\$?\d{1,3}(,\d{3})+(\.\d+)?,?$/.test(word)
    ? word.replaceAll(',', '')
    : word.replace(/,$/, '');
  if (!/^[-−]?\$?\d+(\.\d+)?$/.test(plain)) return undefined;
  const value = Number(plain.replace('−', '-').replace('$', ''));
  return Number.isFinite(value) ? value : undefined;
}
