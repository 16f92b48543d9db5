import type { Side } from '../../engine/records';
import type { ParsedPosition } from '../../engine/risk/parse-position';
import type { VenueId } from '../../protocol/settings';
import { type DecimalSign, decimalSign, numberPattern, plainDigits, readNumber } from './number';

/** Columns of a positions table that matter, or that have to be stepped over. */
export type Column =
  | 'size'
  | 'value'
  | 'entry'
  | 'breakEven'
  | 'mark'
  | 'liquidation'
  | 'percent'
  | 'money'
  | 'pnl'
  | 'stops';

/** How one venue's table looks: what its reader knows. */
export interface TableShape {
  venue: VenueId;
  /** Its columns after the contract, left to right, as the venue ships them. */
  columns: readonly Column[];
  /** Words of its headings, English and Chinese, in lower case. */
  headings: readonly (readonly [Column, ...string[]])[];
  /** What tells its rows from those of others; each that is found counts. */
  marks: readonly RegExp[];
  /** Shorts have a minus before their size. */
  isSigned: boolean;
}

/** What a row says; absent where it does not. `assumed` names what was concluded rather than read. */
export interface ReadRow {
  coin: string;
  venue?: VenueId;
  side?: Side | undefined;
  leverage?: number | undefined;
  margin?: 'isolated' | 'cross';
  entry?: number;
  mark?: number;
  liquidation?: number;
  /** One of them: coins, contracts, or USD at the mark. */
  base?: number;
  contracts?: number;
  usd?: number;
  stop?: number | undefined;
  target?: number | undefined;
  /** Stop and target that were typed as distances from the entry. */
  away?: ParsedPosition['away'];
  assumed: readonly (keyof ReadRow)[];
}

type Cell =
  | { kind: 'number' | 'percent' | 'money'; text: string }
  | { kind: 'amount'; text: string; unit: string }
  | { kind: 'pair'; first: string | undefined; second: string | undefined }
  | { kind: 'none' };

type Token =
  | Cell
  | { kind: 'contract'; coin: string; isInverse?: boolean }
  | { kind: 'side'; side: Side }
  | { kind: 'mode'; mode: 'isolated' | 'cross' }
  | { kind: 'leverage'; text: string };

const sideWords: Record<string, Side> = {
  long: 'long',
  buy: 'long',
  多: 'long',
  做多: 'long',
  多仓: 'long',
  多單: 'long',
  开多: 'long',
  买: 'long',
  short: 'short',
  sell: 'short',
  空: 'short',
  做空: 'short',
  空仓: 'short',
  空單: 'short',
  开空: 'short',
  卖: 'short',
};
const modeWords: Record<string, 'isolated' | 'cross'> = {
  isolated: 'isolated',
  逐仓: 'isolated',
  逐倉: 'isolated',
  cross: 'cross',
  crossed: 'cross',
  全仓: 'cross',
  全倉: 'cross',
};
const contractUnits = new Set(['cont', 'cont.', 'conts', 'contracts', '张', '張']);
const moneyUnits = new Set(['USDT', 'USDC', 'USD', 'USDE']);

const number = new RegExp(`^${numberPattern}$`);
const contract =
  /^((?:\d{3,8})?[A-Z][A-Z0-9]{0,14}?|\d[A-Z0-9]{1,14}?)[-/_]?(?:USDT|USDC|USD)(?:[-_.]?(?:P|PERP|SWAP|UMCBL|PERPETUAL))?(?:永续|永續)?$/;
/** Quoted in dollars that are no stablecoin: margined in the coin, and counted in contracts of dollars. */
const inverse = /^[A-Z0-9]+[-/_]?USD(?![A-Z])/;
const bareCoin = /^k?[A-Z][A-Z0-9]{0,9}$/;

/** A cell whose number has its thousands parted by plain spaces, as some locales have them: 59 800,0 USDT. */
const spacedThousands =
  /(?<=^|[\t\n])[ ]*[+-]?\d{1,3}(?: \d{3})+(?:[.,]\d+)?(?=[ ]*(?:[A-Z%張张][^\t\n]*)?(?:[\t\r\n]|$))/gu;

/**
 * Reads rows copied from a positions table. Cells may be parted by tabs or stand on lines of their own; headings that
 * were copied along give the order of the columns, else it is the venue's own.
 *
 * @returns one for each row that names a contract; empty where none does
 */
export function readTable(text: string, shapes: readonly TableShape[]): ReadRow[] {
  const words = plainDigits(text)
    .replace(spacedThousands, (cell) => cell.replaceAll(' ', '\u202f'))
    .replace(/[()（）【】[\]|·]/g, ' ')
    .replace(/([张張倍])/g, ' $1 ')
    .split(/[ \t\r\n]+/)
    .filter(Boolean);
  const rows: Token[][] = [];
  for (const token of tokensOf(words)) {
    if (token.kind === 'contract') rows.push([token]);
    else rows.at(-1)?.push(token);
  }
  const sign = decimalSign(words.filter((word) => number.test(word)));
  const headed = shapes.map((shape) => orderOf(text, shape));
  const copiedOrder = headed.find((order) => order);
  const sizeUnit = sizeUnitOf(text, shapes);
  return rows.map((row) => {
    const [first, ...others] = shapesOf(text, row, shapes, headed, sign);
    const read = (shape: TableShape & { isSure: boolean }) => {
      // Where the rows do not tell whose they are, headings of another venue may be what was copied along.
      const order = headed[shapes.findIndex(({ venue }) => venue === shape.venue)] ?? copiedOrder;
      return readRow(row, order ?? shape.columns, shape, sign, sizeUnit);
    };
    return agreed(read(first!), others.map(read));
  });
}

/** Of what one venue's columns say the part that those of others, which fit as well, do not gainsay. */
function agreed(row: Read, others: readonly Read[]): Read {
  const differs = (name: keyof ReadRow) => others.some((other) => other[name] !== row[name]);
  const open = (['side', 'entry', 'base', 'contracts', 'usd'] as const).filter(differs);
  const assumed = new Set<keyof ReadRow>(row.assumed);
  for (const name of open) assumed.add(name === 'contracts' || name === 'usd' ? 'base' : name);
  const kept = { ...row, assumed: [...assumed] };
  // Nobody is asked for these: they are left out.
  if (differs('mark')) delete kept.mark;
  if (differs('liquidation')) delete kept.liquidation;
  return kept;
}

/** The venues whose marks are found most often and whose columns the cells of a row fit into: one where it is sure. */
function shapesOf(
  text: string,
  row: readonly Token[],
  shapes: readonly TableShape[],
  headed: readonly (readonly Column[] | undefined)[],
  sign: DecimalSign | undefined,
): (TableShape & { isSure: boolean })[] {
  const ranked = shapes.map((shape, i) => {
    const found = shape.marks.filter((mark) => mark.test(text)).length;
    const headings = headed[i]?.length ?? 0;
    const misfits = headings > 0 ? 0 : placed(cellsOf(row), shape.columns, sign).misfits;
    return { shape, headings, score: found - misfits };
  });
  const best = Math.max(...ranked.map(({ score }) => score));
  const ties = ranked.filter(({ score }) => score === best);
  const isSure = best > 0 && ties.length === 1;
  // Headings are read by whoever knows most of them.
  const known = Math.max(...ties.map(({ headings }) => headings));
  return ties.filter(({ headings }) => headings === known).map(({ shape }) => ({ ...shape, isSure }));
}

/** What the heading of the sizes says they are counted in: numbers below it stand alone. */
function sizeUnitOf(text: string, shapes: readonly TableShape[]): 'usd' | 'contracts' | undefined {
  const names = shapes.flatMap(({ headings }) =>
    headings.filter(([column]) => column === 'size').flatMap(([, ...all]) => all),
  );
  const heading = new RegExp(`(?:^|\\s)(?:${names.map(escaped).join('|')})\\s*\\(\\s*([a-z张張]+)`, 'i');
  const unit = heading.exec(plainDigits(text))?.[1];
  if (unit === undefined) return undefined;
  if (moneyUnits.has(unit.toUpperCase())) return 'usd';
  return contractUnits.has(unit.toLowerCase()) ? 'contracts' : undefined;
}

const escaped = (name: string): string => name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** The order of the columns where headings were copied along. */
function orderOf(text: string, { headings }: TableShape): readonly Column[] | undefined {
  const lower = plainDigits(text).toLowerCase();
  const found: { at: number; name: string; column: Column }[] = [];
  for (const [column, ...names] of headings) {
    for (const name of names) {
      const word = new RegExp(`(?<=^|[\\s])${escaped(name)}(?=$|[\\s(（/])`, 'g');
      for (const { index } of lower.matchAll(word)) found.push({ at: index, name, column });
    }
  }
  // Of names that lie in one another ("Margin", "Margin Ratio") the longer is meant; each name stands for one column.
  const ends = ({ at, name }: (typeof found)[number]) => at + name.length;
  const kept = found.filter(
    (one) =>
      !found.some(
        (other) => other.name.length > one.name.length && other.at <= one.at && ends(other) >= ends(one),
      ),
  );
  kept.sort((a, b) => a.at - b.at);
  const first = kept.filter(({ name }, i) => kept.findIndex((each) => each.name === name) === i);
  const columns = [...new Map(first.map(({ column, at }) => [`${column} ${at}`, column])).values()];
  return columns.includes('entry') && columns.length >= 3 ? columns : undefined;
}

function tokensOf(words: readonly string[]): Token[] {
  const tokens: Token[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const lower = word.toLowerCase();
    const next = words[i + 1] ?? '';
    const pair = isNone(word)
      ? null
      : (/^(.+)\/(.+)$/.exec(word) ?? (next === '/' ? ['', word, words[i + 2] ?? ''] : null));
    const leverage = /^[x×]?(\d+(?:[.,]\d+)?)[xX×]$|^[xX×](\d+(?:[.,]\d+)?)$/.exec(word);
    if (leverage) tokens.push({ kind: 'leverage', text: (leverage[1] ?? leverage[2])! });
    else if (pair && isStop(pair[1]!) && isStop(pair[2]!)) {
      const value = (part: string) => (number.test(part) ? part : undefined);
      tokens.push({ kind: 'pair', first: value(pair[1]!), second: value(pair[2]!) });
      if (word === pair[1]) i += 2;
    } else if (word === '/' && tokens.at(-1)?.kind === 'amount' && number.test(next)) {
      // What of the size can be closed is no cell of its own.
      i += isUnit(words[i + 2] ?? '') ? 2 : 1;
    } else if (number.test(word)) {
      if (next === '倍') tokens.push({ kind: 'leverage', text: word });
      else if (next === '%') tokens.push({ kind: 'percent', text: word });
      else if (contractUnits.has(next.toLowerCase()))
        tokens.push({ kind: 'amount', text: word, unit: 'contracts' });
      else if (moneyUnits.has(next.toUpperCase())) tokens.push({ kind: 'amount', text: word, unit: 'usd' });
      else if (
        isUnit(next) &&
        !sideWords[next.toLowerCase()] &&
        !modeWords[next.toLowerCase()] &&
        !isRowHead(words, i + 1)
      )
        tokens.push({ kind: 'amount', text: word, unit: next });
      else {
        tokens.push({ kind: word.includes('$') ? 'money' : 'number', text: word });
        continue;
      }
      i++;
    } else if (new RegExp(`^${numberPattern}%$`).test(word))
      tokens.push({ kind: 'percent', text: word.slice(0, -1) });
    else if (isNone(word)) tokens.push({ kind: 'none' });
    else if (Object.hasOwn(sideWords, lower)) tokens.push({ kind: 'side', side: sideWords[lower]! });
    else if (Object.hasOwn(modeWords, lower)) tokens.push({ kind: 'mode', mode: modeWords[lower]! });
    else {
      const named = contract.exec(word);
      if (named && !moneyUnits.has(word))
        tokens.push({ kind: 'contract', coin: named[1]!, isInverse: inverse.test(word) });
      else if (isRowHead(words, i)) tokens.push({ kind: 'contract', coin: word });
      // A number that cannot be read keeps its place: the next one is not taken for it.
      else if (/^[+-]?\$?\d[\d.,]*[KMBkmb万億亿]?$/.test(word)) tokens.push({ kind: 'number', text: word });
    }
  }
  return tokens;
}

/** A coin that an amount is counted in, and not the contract that the next row begins with. */
const isUnit = (word: string): boolean => bareCoin.test(word) && !contract.test(word);

/** A cell with nothing to say. */
const isNone = (word: string): boolean => /^([-–—]{1,3}|N\/A)$/i.test(word);

const isStop = (part: string): boolean => number.test(part) || isNone(part);

/** A bare coin with its leverage after it, the side between or not: how a venue without quote currencies begins a row. */
function isRowHead(words: readonly string[], i: number): boolean {
  const [coin = '', next = '', last = ''] = words.slice(i, i + 3);
  const leverage = Object.hasOwn(sideWords, next.toLowerCase()) ? last : next;
  return bareCoin.test(coin) && !isWordOfRow(coin) && /^\d+(?:\.\d+)?[xX]$/.test(leverage);
}

/** Written like a coin, and is none. */
const isWordOfRow = (word: string): boolean =>
  moneyUnits.has(word) ||
  Object.hasOwn(sideWords, word.toLowerCase()) ||
  Object.hasOwn(modeWords, word.toLowerCase());

const accepts: Record<Column, readonly Cell['kind'][]> = {
  size: ['number', 'amount'],
  value: ['amount', 'money', 'number'],
  entry: ['number', 'none', 'money'],
  breakEven: ['number', 'none', 'money'],
  mark: ['number', 'none', 'money'],
  liquidation: ['number', 'none', 'money'],
  percent: ['percent', 'none'],
  money: ['amount', 'money', 'none'],
  pnl: ['amount', 'money', 'none'],
  stops: ['pair', 'none'],
};

const isCell = (token: Token): token is Cell =>
  !['contract', 'side', 'mode', 'leverage'].includes(token.kind);

const cellsOf = (tokens: readonly Token[]): Cell[] => tokens.filter(isCell);

/**
 * Cells with the columns that they stand in, left to right; a column that does not take the next cell is passed over.
 *
 * `misfits` counts the columns passed over while there were cells, and the cells that no column was left for.
 */
function placed(
  cells: readonly Cell[],
  order: readonly Column[],
  sign: DecimalSign | undefined,
): { pairs: [Column, Cell][]; misfits: number } {
  const pairs: [Column, Cell][] = [];
  let misfits = 0;
  let at = 0;
  for (const column of order) {
    const cell = cells[at];
    if (!cell) break;
    if (!takes(column, cells, at, sign)) {
      misfits++;
      continue;
    }
    at++;
    pairs.push([column, cell]);
    // What follows a profit in money, its percentage, belongs to the same cell.
    if ((column === 'money' || column === 'pnl') && cells[at]?.kind === 'percent') at++;
  }
  return { pairs, misfits: misfits + cells.length - at };
}

const prices: readonly Column[] = ['entry', 'breakEven', 'mark', 'liquidation'];

function takes(column: Column, cells: readonly Cell[], at: number, sign: DecimalSign | undefined): boolean {
  const cell = cells[at]!;
  if (!accepts[column].includes(cell.kind)) return false;
  if (prices.includes(column)) return !('text' in cell) || !/^\$?[+-]/.test(cell.text);
  if (column !== 'value' || cell.kind !== 'number') return true;
  // A number alone is a value where it is the size before it at the price after it.
  const [size, value, price] = [cells[at - 1], cell, cells[at + 1]].map((each) =>
    each && 'text' in each ? Math.abs(readNumber(each.text, sign ?? '.') ?? Number.NaN) : Number.NaN,
  );
  return Math.abs(size! * price! - value!) < 0.3 * value!;
}

type Read = ReadRow & { assumed: (keyof ReadRow)[] };

function readRow(
  tokens: readonly Token[],
  order: readonly Column[],
  shape: TableShape & { isSure: boolean },
  sign: DecimalSign | undefined,
  sizeUnit: 'usd' | 'contracts' | undefined,
): Read {
  const { coin, isInverse } = tokens[0] as { coin: string; isInverse?: boolean };
  const row: Read = { coin, assumed: [] };
  const value = (text: string) => readNumber(text, sign ?? '.');
  for (const token of tokens) {
    if (token.kind === 'side') row.side ??= token.side;
    else if (token.kind === 'mode') row.margin ??= token.mode;
    else if (token.kind === 'leverage') row.leverage ??= Number(token.text.replace(',', '.'));
  }
  const cells = cellsOf(tokens);
  let gain = 0;
  for (const [column, cell] of placed(cells, order, sign).pairs) {
    if (cell.kind === 'none' || cell.kind === 'pair') continue;
    const amount = value(cell.text);
    if (amount === undefined) continue;
    // How much a contract of another kind is we do not know: the size is asked for.
    if (column === 'size' && isInverse) continue;
    if (column === 'size') setSize(row, cell.kind === 'amount' ? cell.unit : sizeUnit, amount);
    else if (column === 'entry' || column === 'mark' || column === 'liquidation') row[column] = amount;
    if (column === 'pnl') gain = amount;
  }
  const stops = cells.find((cell) => cell.kind === 'pair');
  if (stops?.kind === 'pair') {
    if (stops.first) row.target = value(stops.first);
    if (stops.second) row.stop = value(stops.second);
  }
  conclude(row, shape, gain, sign === undefined);
  return row;
}

function setSize(row: ReadRow, unit: string | undefined, amount: number): void {
  const size = Math.abs(amount);
  if (unit === 'contracts') row.contracts = size;
  else if (unit === 'usd') row.usd = size;
  else row.base = size;
  if (amount < 0) row.side ??= 'short';
}

/** What the row does not say in words, and can be told from the rest of it. */
function conclude(
  row: Read,
  shape: TableShape & { isSure: boolean },
  gain: number,
  isAmbiguous: boolean,
): void {
  row.venue = shape.venue;
  if (!shape.isSure) row.assumed.push('venue');
  const { entry, liquidation, side } = row;
  if (side === undefined) {
    row.side = sideOf(row, shape, gain);
    if (row.side) row.assumed.push('side');
  }
  // What contradicts itself was read wrongly somewhere, and is shown to be corrected.
  if (
    side !== undefined &&
    entry !== undefined &&
    liquidation !== undefined &&
    liquidation < entry !== (side === 'long')
  )
    row.assumed.push('side', 'entry');
  // So may a gain be against the way that price went: entry and mark may have changed places.
  const { mark } = row;
  const hasGained = mark !== undefined && entry !== undefined && mark > entry === (row.side === 'long');
  if (side !== undefined && gain !== 0 && mark !== undefined && mark !== entry && gain > 0 !== hasGained)
    row.assumed.push('entry');
  // 59.800 and 59,800 alone may be sixty or sixty thousand.
  if (isAmbiguous && row.entry !== undefined && !Number.isInteger(row.entry)) row.assumed.push('entry');
  if (row.base === undefined && row.usd !== undefined) row.assumed.push('base');
}

/** Longs are liquidated below their entry; a gain above it is a long's. */
function sideOf(
  { entry, mark, liquidation, base, contracts, usd }: ReadRow,
  shape: TableShape,
  gain: number,
): Side | undefined {
  if (entry === undefined) return undefined;
  const byLiquidation =
    liquidation === undefined || liquidation === entry ? undefined : liquidation < entry ? 'long' : 'short';
  if (shape.isSigned && (base ?? contracts ?? usd) !== undefined)
    // Without a minus it is a long, unless it would be liquidated like a short: then it is asked for.
    return byLiquidation === 'short' ? undefined : 'long';
  if (byLiquidation) return byLiquidation;
  if (mark === undefined || mark === entry || gain === 0) return undefined;
  return gain > 0 === mark > entry ? 'long' : 'short';
}
