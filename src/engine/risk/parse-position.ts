import { need } from '../need';
import type { Side } from '../records';
import type { Position } from './position';

/** A position as it was written, with the coin it is in. */
export interface ParsedPosition extends Position {
  /** Coin in capitals: `BTC` of "BTC", "BTCUSDT", "BTC-USDT-SWAP" or "BTC/USDT"; a factor such as 1000 or k is kept. */
  coin: string;
  margin: 'isolated' | 'cross';
  /** Size as it was written in dollars, in place of `base`. */
  usd: number;
  /** Stop and target that were written as how far they are from the entry, in place of their prices. */
  away: { stop?: Away; target?: Away };
  /** What may be other numbers of the line: it has more than were asked for, or a price or a size in dollars, and says of none what it is. */
  unsure: readonly ('entry' | 'base')[];
}

/** A distance from the entry: `2%`, where the side of the position says which way, or `+4%`, `-2%`, up or down. */
export interface Away {
  /** Of the entry, not below zero. */
  percent: number;
  sign?: '+' | '-';
}

type Named = 'entry' | 'leverage' | 'base' | 'stop' | 'target';

const sideWords = new Map<string, Side>([
  ['long', 'long'],
  ['buy', 'long'],
  ['short', 'short'],
  ['sell', 'short'],
  ...['ロング', '롱', 'лонг', 'largo'].map((word) => [word, 'long'] as const),
  ...['ショート', '숏', 'шорт', 'corto'].map((word) => [word, 'short'] as const),
  ...['做多', '多仓', '多单', '多單', '开多', '多'].map((word) => [word, 'long'] as const),
  ...['做空', '空仓', '空单', '空單', '开空', '空'].map((word) => [word, 'short'] as const),
]);

const marginWords = new Map<string, 'isolated' | 'cross'>([
  ['isolated', 'isolated'],
  ['iso', 'isolated'],
  ['逐仓', 'isolated'],
  ['逐倉', 'isolated'],
  ['cross', 'cross'],
  ['crossed', 'cross'],
  ['全仓', 'cross'],
  ['全倉', 'cross'],
]);

/** What stands before a number, in the languages that the extension speaks. */
const labels = new Map<string, Named>(
  Object.entries({
    entry: 'entry avg entrada вход 进场 入场 开仓 开仓价 開倉 建値 エントリー 진입 진입가 평단',
    base: 'size qty amount cantidad размер объём объем 数量 數量 サイズ 수량',
    leverage: 'leverage lev apalancamiento плечо 杠杆 槓桿 レバレッジ 레버리지',
    stop: 'stop sl стоп стоп-лосс 止损 止损价 止損 損切り 損切 ストップ 손절 손절가 스탑',
    target:
      'tp take target objetivo тейк тейк-профит цель 止盈 止盈价 目标 目标价 利確 目標 ターゲット 익절 익절가 목표 목표가',
  } satisfies Record<Named, string>).flatMap(([name, words]) =>
    words.split(' ').map((word) => [word, name as Named] as const),
  ),
);

const spoken = { entry: 'entry price', leverage: 'leverage', base: 'size', stop: 'stop', target: 'target' };

/** Words around positions that are no coins. */
const ignored = new Set(
  `perp perpetual swap price loss profit mark liq market limit order open opened filled position margin mode cont contracts
  a i at my the in on of with and is from en con al de por`.split(/\s+/),
);
const dollars = new Set(['usdt', 'usdc', 'usd']);
const quoteWords = /[-_/]?(USDT|USDC|USD|PERP|SWAP|PERPETUAL)+([-_/.]?(P|PERP|SWAP|PERPETUAL|UMCBL))?$/;
/** Chinese and Japanese are written without spaces between words, Korean with them between words and numbers at most. */
const unspaced = '\\u3040-\\u30ff\\u4e00-\\u9fff\\uac00-\\ud7af';
const unspacedWords = new RegExp(
  `(${[...sideWords.keys(), ...marginWords.keys(), ...labels.keys()]
    .filter((word) => new RegExp(`[${unspaced}]`).test(word))
    .sort((a, b) => b.length - a.length)
    .join('|')})`,
  'g',
);
const besideUnspaced = new RegExp(`(?<=[${unspaced}])(?=[!-~])|(?<=[!-~])(?=[${unspaced}])`, 'g');
/** What was put up for a position is not its size. */
const margins =
  /(?<!(?:isolated|cross|crossed)\s)\b(?:margin|collateral|保证金)\s*[:=]?\s*\$?\d[\d.,]*(?![\d.,]*[x×])(?:\s*usd[tc]?)?|\$?\d[\d.,]*\s*(?:usd[tc]?)?\s*(?:margin|collateral|保证金)/gi;
const dates = /(?<![\w.])(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:T\S*)?|\d{1,2}:\d{2}(?::\d{2})?)(?!\w)/g;

/**
 * Reads a position from one line of text, typed (`long BTC 97000 25x 0.5 stop 95800 tp 99500`) or copied from an
 * exchange's positions table (`BTCUSDT Perp Long 25x 0.5 BTC Entry 97,000.0`).
 *
 * Words may come in any order. A number after `entry`, `at` or `@`, `size`, `stop` or `sl`, `tp` or `target` is that; one
 * followed by `x` is the leverage; one followed by the coin is the size, one followed by `USDT` the size in dollars; of
 * the others the first is the entry and the second the size. Thousands may be parted by commas and shortened to `k`,
 * spaces within a number are not understood. A percentage beside `stop` or `target` is how far that is from the entry;
 * others, and other words, are passed over. A number that cannot be read keeps its place: what follows is not taken for
 * it. A size below zero is a short's.
 *
 * Nothing is made up for what the line lacks.
 *
 * @throws RangeError for a line of more than 500 characters, or a number or side told twice
 * @example
 * parsePosition('long BTC 97000 25x 0.5 stop 95800'); // { side: 'long', coin: 'BTC', entry: 97000, leverage: 25, base: 0.5, stop: 95800 }
 * parsePosition('long BTC 97000'); // { side: 'long', coin: 'BTC', entry: 97000 }
 */
export function parsePosition(text: string): Partial<ParsedPosition> {
  need(text.length <= 500, 'parsePosition', 'a line of at most 500 characters');
  const words = wordsOf(text);
  const coin = coinOf(words);
  const found: Partial<Record<Named | 'usd', number>> = {};
  let side: Side | undefined;
  let margin: 'isolated' | 'cross' | undefined;
  const set = (name: keyof typeof found, value: number) => {
    const told = name === 'base' || name === 'usd' ? (found.base ?? found.usd) : found[name];
    const isOnce = told === undefined && !Object.hasOwn(away, name);
    need(isOnce, 'parsePosition', `one ${spoken[name === 'usd' ? 'base' : name]}, not two`);
    found[name] = value;
  };
  const setSide = (told: Side) => {
    need(side === undefined || side === told, 'parsePosition', 'one side, not two');
    side = told;
  };
  const rest: (Amount | undefined)[] = [];
  const away: ParsedPosition['away'] = {};
  let expected: Named | undefined;
  for (const [i, word] of words.entries()) {
    const lower = word.toLowerCase();
    const leverage = /^(\d+(?:\.\d+)?)[x×]$|^[x×](\d+(?:\.\d+)?)$/.exec(lower);
    const distance = awayOf(word);
    const amount = isCoinWord(word) ? undefined : amountOf(word, words[i + 1], coin);
    if (leverage) {
      set('leverage', Number(leverage[1] ?? leverage[2]));
      if (expected === 'leverage') expected = undefined;
    } else if (distance && (expected === 'stop' || expected === 'target')) {
      need(!away[expected] && found[expected] === undefined, 'parsePosition', `one ${expected}, not two`);
      away[expected] = distance;
      expected = undefined;
    } else if (amount || /^[-−+<>≤≥]?[$.]?\d/.test(word)) {
      if (word === coin || isCoinWord(word)) continue;
      const isSize =
        expected === 'base' || (!expected && amount && (amount.value < 0 || amount.unit === 'coin'));
      // Tables of some venues tell a short by its size alone.
      if (amount && isSize && amount.value < 0) setSide('short');
      if (amount && isSize) set(amount.unit === 'usd' ? 'usd' : 'base', Math.abs(amount.value));
      else if (expected) {
        if (amount) set(expected, amount.value);
      } else if (!word.endsWith('%')) rest.push(amount);
      expected = undefined;
    } else if (sideWords.has(lower)) setSide(sideWords.get(lower)!);
    else if (marginWords.has(lower)) margin = marginWords.get(lower);
    // At is the entry, unless it is said what is at.
    else if (lower === 'at') expected ??= 'entry';
    else if (labels.has(lower)) expected = labels.get(lower);
  }
  const unsure = placed(rest, found, set);
  return {
    ...found,
    ...(side && { side }),
    ...(coin && { coin }),
    ...(margin && { margin }),
    ...(Object.keys(away).length > 0 && { away }),
    ...(unsure && { unsure }),
  };
}

/** The words of a line, each number with its sign and percent sign, each label before its number. */
function wordsOf(text: string): string[] {
  const words = text
    .replace(dates, ' ')
    .replace(/(\d)\s*[倍배]/g, '$1x ')
    // Thousands, and numbers that are about so much.
    .replace(/(?<=\d)['’_](?=\d{3}(?!\d))|[~≈]/g, '')
    .replace(margins, ' ')
    .replace(/(?<=\d)\s*(?:percent|pct|por ?ciento|процент[а-я]*|パーセント|퍼센트)|(?<=\d)\s+%/gi, '%')
    // Both exits at once, as some tables head them: `TP/SL 61800/59150`.
    .replace(/\b(stop|sl|tp|target)\/(stop|sl|tp|target)[\s:=]+([^\s/]+)\s*\/\s*([^\s/]+)/gi, '$1 $3 $2 $4')
    .replace(/%\s*\//g, '% ')
    .replace(/(?<=(?<!\S)[-−+])\s+(?=[\d.,]+%)/g, '')
    .replace(/(?<![\w.])(stop|sl|tp|target)(?=[-−+]?[.\d])/gi, '$1 ')
    .replace(unspacedWords, ' $1 ')
    .replace(besideUnspaced, ' ')
    .replace(/(?<!\d),|,(?!\d)/g, ' ')
    .replace(/[:=@()|;]/g, (mark) => (mark === '@' ? ' at ' : ' '))
    .split(/\s+/)
    .filter(Boolean);
  return withLabelsFirst(words);
}

/** `2% stop, 4% tp` as `stop 2% tp 4%`. */
function withLabelsFirst(words: readonly string[]): string[] {
  const turned = [...words];
  const isExit = (word: string | undefined) =>
    ['stop', 'target'].includes(labels.get(word?.toLowerCase() ?? '') ?? '');
  const first = words.findIndex(isExit);
  if (!awayOf(words[first - 1])) return turned;
  for (let i = words.length - 1; i >= first; i--)
    if (isExit(words[i]) && awayOf(words[i - 1]) && !/\d/.test(turned[i + 1] ?? ''))
      [turned[i - 1], turned[i]] = [words[i]!, words[i - 1]!];
  return turned;
}

/**
 * The distance that a word in percent is; undefined for any other. A comma parts decimals: no distance has thousands.
 *
 * @example
 * awayOf('-1,5%'); // { percent: 1.5, sign: '-' }
 */
export function awayOf(word = ''): Away | undefined {
  const [, sign, digits] = /^([-−+]?)(\d+(?:[.,]\d+)?|[.,]\d+)%$/.exec(word) ?? [];
  if (digits === undefined) return undefined;
  return { percent: Number(digits.replace(',', '.')), ...(sign && { sign: sign === '+' ? '+' : '-' }) };
}

/** Gives the numbers that nothing is said of their places: the first is the entry, the second the size. */
function placed(
  rest: readonly (Amount | undefined)[],
  found: Partial<Record<Named | 'usd', number>>,
  set: (name: Named | 'usd', value: number) => void,
): ParsedPosition['unsure'] | undefined {
  const needsEntry = found.entry === undefined;
  const needsSize = (found.base ?? found.usd) === undefined;
  const [first, second, third] = rest;
  const both = ['entry', 'base'] as const;
  if (needsEntry && needsSize) {
    // 5000 USDT is said of sizes, $59,800 of prices.
    const isTurned = first?.unit === 'usd' && !first.hasSign;
    const [entry, size] = isTurned ? [second, first] : [first, second];
    if (entry) set('entry', entry.value);
    if (size) set(size.unit === 'usd' ? 'usd' : 'base', size.value);
    return first?.unit === 'usd' || third ? both : undefined;
  }
  if (needsEntry && first) set('entry', first.value);
  if (needsSize && first) set(first.unit === 'usd' ? 'usd' : 'base', first.value);
  return undefined;
}

interface Amount {
  value: number;
  /** What it is said to be counted in. */
  unit?: 'coin' | 'usd';
  /** Dollars by a sign before it. */
  hasSign?: boolean;
}

/** A coin that begins with a digit, or with how many of it are one contract: 1INCH, 1000PEPE. */
const isCoinWord = (word: string): boolean =>
  /^(?:0|1|1000|10000|1000000)[A-Z]{2,}/i.test(word) && !/^\d+(?:usd|usdt|usdc)$/i.test(word);

/** The first word that may be a coin; where none stands alone, the one that a size is glued to. */
function coinOf(words: readonly string[]): string | undefined {
  let glued: string | undefined;
  for (const word of words) {
    const lower = word.toLowerCase();
    if (ignored.has(lower) || dollars.has(lower) || sideWords.has(lower)) continue;
    if (marginWords.has(lower) || labels.has(lower)) continue;
    const unit = isCoinWord(word)
      ? undefined
      : /^[-−+]?[\d.,]+([a-z]{2,}|[a-z]{0}[a-jln-wyz])$/i.exec(word)?.[1];
    if (unit && !dollars.has(unit.toLowerCase())) glued ??= unit.toUpperCase();
    else if (
      /^[A-Z0-9]{1,15}([-_/.][A-Z]+)*$/i.test(word) &&
      (isCoinWord(word) || /^[a-z]/i.test(word)) &&
      !/^x\d/i.test(word)
    ) {
      const coin = (/^k[A-Z]{2}/.test(word) ? word : word.toUpperCase()).replace(quoteWords, '');
      if (coin) return coin;
    }
  }
  return glued;
}

/** The number a word is, with the unit that is glued to it or follows; undefined for anything else. */
function amountOf(word: string, next: string | undefined, coin: string | undefined): Amount | undefined {
  const [, sign, dollar, digits, factor, glued] =
    /^([-−+]?)(\$?)([\d.,]*\d[\d.,]*?),?([km](?![a-z]))?([a-z]{2,}|[a-z])?$/i.exec(word) ?? [];
  if (digits === undefined) return undefined;
  const plain = /^\d{1,3}(,\d{3})+(\.\d+)?$/.test(digits) ? digits.replaceAll(',', '') : digits;
  if (!/^(\d+(\.\d+)?|\.\d+)$/.test(plain)) return undefined;
  const size = Number(plain) * ({ k: 1e3, m: 1e6 }[factor?.toLowerCase() ?? ''] ?? 1);
  if (!Number.isFinite(size)) return undefined;
  const value = sign === '-' || sign === '−' ? -size : size;
  const unit = (glued ?? next ?? '').toLowerCase();
  if (dollar) return { value, unit: 'usd', hasSign: true };
  if (dollars.has(unit)) return { value, unit: 'usd' };
  if (coin !== undefined && unit === coin.toLowerCase()) return { value, unit: 'coin' };
  return glued === undefined ? { value } : undefined;
}
