import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sliceBars } from '../../src/engine/bar-columns';
import type { BarColumns } from '../../src/engine/records';

const embedded = join(import.meta.dirname, '../../src/tools/replay/data');
const extra = join(import.meta.dirname, '../../../shared/data/bars');

/** Recorded bars that ship with the project. */
export const embeddedBars = (name: string): BarColumns => readBars(join(embedded, `${name}.csv`));

/** Larger recordings that lie beside the project on some machines; undefined elsewhere. */
export function extraBars(name: string): BarColumns | undefined {
  const path = join(extra, `${name}.csv`);
  return existsSync(path) ? readBars(path) : undefined;
}

function readBars(path: string): BarColumns {
  const [head, ...rows] = readFileSync(path, 'utf8').trim().split('\n');
  const names = head!.trim().split(',');
  const table = rows.map((row) => row.trim().split(','));
  const column = (name: string): Float64Array => {
    const k = names.indexOf(name);
    let last = 0;
    // An empty cell is unknown: the value before it goes on.
    return Float64Array.from(table, (cells) => {
      if (cells[k] !== '') last = Number(cells[k]);
      return last;
    });
  };
  const openInterest = column('open_interest');
  const close = names.includes('open_interest_close')
    ? column('open_interest_close')
    : Float64Array.from(openInterest, (value, i) => openInterest[i + 1] ?? value);
  return {
    length: table.length,
    time: column('time'),
    open: column('open'),
    high: column('high'),
    low: column('low'),
    close: column('close'),
    volume: column('volume'),
    openInterest,
    openInterestClose: close,
  };
}

/** The first `count` bars. */
export const firstBars = (bars: BarColumns, count: number): BarColumns => sliceBars(bars, 0, count);
