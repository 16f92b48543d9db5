import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { embeddedData } from '../../../src/tools/replay';

/** Rows of an embedded recording, read on their own so that tests compare with the file and not with the replay's reader. */
export function recordedRows(name: string): Record<string, number>[] {
  const [head, ...lines] = readFileSync(join(embeddedData, name), 'utf8').trim().split('\n');
  const columns = head!.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(
      columns.map((column, i) => [column, cells[i] ? Number(Number(cells[i]).toPrecision(12)) : Number.NaN]),
    );
  });
}

/** A moment three days into the BTC recording, between two bars: served times equal recorded times when it is now. */
export const btcMoment = Date.parse('2024-09-16T21:02:30Z');
