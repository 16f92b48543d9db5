import { parsePosition } from '../../engine/risk/parse-position';
import type { VenueId } from '../../protocol/settings';
import { venues } from '../../venues';
import { binance } from './binance';
import { bitget } from './bitget';
import { bybit } from './bybit';
import { tableOfCards } from './cards';
import { hyperliquid } from './hyperliquid';
import { decimalSign, plainDigits, readNumber } from './number';
import { okx } from './okx';
import { type ReadRow, readTable } from './table';

export type { ReadRow } from './table';

const shapes = [binance, bybit, okx, bitget, hyperliquid];

/** A text this long is no table of positions. */
const mostCharacters = 20_000;
const mostRows = 50;

/**
 * Reads positions as they are typed (`long BTC 59800 25x 0.5 stop 59150 tp 5%`) or copied from the positions table
 * of an exchange, English or Chinese, one or several rows.
 *
 * @returns what was understood of each; what is absent was not, and nothing is made up for it
 * @throws RangeError for a typed line that tells a number twice
 * @example
 * readPositions('long BTC 59800 25x 0.5')[0]; // { side: 'long', coin: 'BTC', entry: 59800, leverage: 25, base: 0.5, assumed: ['venue', 'margin'], … }
 */
export function readPositions(text: string): ReadRow[] {
  // What copying puts between cells and at the ends of lines says nothing.
  const bounded = text
    .slice(0, mostCharacters)
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .join('\n')
    .trim();
  if (bounded === '') return [];
  const rows = readTable(tableOfCards(plainDigits(bounded), shapes), shapes).filter(isTable);
  // A row on one line without tabs has a mark price, which nobody types.
  const isCopied = /[\n\t]/.test(bounded) || rows.every(({ mark }) => mark !== undefined);
  if (rows.length > 0 && isCopied) return rows.slice(0, mostRows).map(withDefaults);
  const lines = bounded.split('\n').filter((line) => line.trim() !== '');
  const typed = lines
    .map((line) => ofLine(withPoints(line).slice(0, 500)))
    .filter((row) => row !== undefined);
  if (typed.length > 0 && (rows.length === 0 || typed.every(isWhole))) return typed.slice(0, mostRows);
  return (rows.length > 0 ? rows : typed).slice(0, mostRows).map(withDefaults);
}

/** Numbers of a typed line, units and all. */
const typedNumbers = /(?<![\w.,])[+-]?\d[\d.,]*(?=[\s@;)]|[xX×]?(?:\s|$))/g;

/** A line with decimal points also where its numbers show that it was typed with decimal commas; those of lists go. */
function withPoints(line: string): string {
  const plain = plainDigits(line).replace(/,(?=\s|$)/g, '');
  const numbers = plain.match(typedNumbers) ?? [];
  if (decimalSign(numbers) !== ',') return plain;
  return plain.replace(typedNumbers, (text) => String(readNumber(text, ',') ?? text));
}

/** A row that names a contract and nothing to go with it is a line of text. */
const isTable = (row: ReadRow): boolean =>
  row.entry !== undefined && (row.base ?? row.contracts ?? row.usd ?? row.leverage) !== undefined;

const isWhole = (row: ReadRow): boolean =>
  row.side !== undefined &&
  row.entry !== undefined &&
  (row.base ?? row.usd) !== undefined &&
  row.leverage !== undefined;

const assumedVenue: VenueId = binance.venue;

/** Where a row does not say it, the most usual is taken, and marked as taken. */
function withDefaults(row: ReadRow): ReadRow {
  const assumed = [...row.assumed];
  if (row.venue === undefined) assumed.push('venue');
  if (row.margin === undefined) assumed.push('margin');
  return {
    ...row,
    venue: row.venue ?? assumedVenue,
    margin: row.margin ?? 'isolated',
    assumed: [...new Set(assumed)],
  };
}

const venueWord = new RegExp(`(?<!\\w)(${venues.map(({ id }) => id).join('|')})(?!\\w)`, 'i');

function ofLine(line: string): ReadRow | undefined {
  const named = venueWord.exec(line)?.[1]?.toLowerCase();
  const venue = venues.find(({ id }) => id === named)?.id;
  const { coin, unsure, stop, target, ...told } = parsePosition(line.replace(venueWord, ' '));
  if (coin === undefined) return undefined;
  return withDefaults({
    coin,
    ...told,
    ...(venue && { venue }),
    ...(stop != null && { stop }),
    ...(target != null && { target }),
    // What was told in dollars becomes coins at a price that nobody told.
    assumed: [...(unsure ?? []), ...(told.usd === undefined ? [] : (['base'] as const))],
  });
}
