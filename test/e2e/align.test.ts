import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

/**
 * A short run of `npm run align`: one library of each way of drawing labels, one from outside in a frame of its own, a ladder
 * of lines and a second chart of other prices.
 */

interface Row {
  name: string;
  states: number;
  drawable: number;
  drawn: number;
  wronglyDrawn: number;
  p99: number;
  max: number;
  framesLate: number;
}

/** Of the states that can be drawn on, so many are. */
const shares: Record<string, number> = {
  'lightweight-charts/second': 0.97,
  lwc3: 0.97,
  'klinecharts/ladder': 0.9,
  'chart.js': 0.97,
  'echarts-svg': 0.97,
  framed: 0.97,
};
const libraries = Object.keys(shares);
const outside = 'test/fixtures/align-framed/index.mjs';

describe('bands lie where the chart’s own library puts their price', () => {
  it('over 50 random states of each library', async () => {
    const args = [
      'tsx',
      'src/tools/align.ts',
      '--json',
      '--states',
      '50',
      '--dpr',
      '1.5',
      '--extra',
      outside,
    ];
    for (const library of libraries) args.push('--library', library);
    const { stdout } = await promisify(execFile)('npx', args, { maxBuffer: 1 << 24 });
    const { libraries: rows } = JSON.parse(stdout.slice(stdout.indexOf('{"libraries"'))) as {
      libraries: Row[];
    };
    expect(rows.map(({ name }) => name)).toEqual(libraries);
    for (const row of rows) {
      expect(row.states, row.name).toBe(50);
      expect(row.wronglyDrawn, row.name).toBe(0);
      expect(row.framesLate, row.name).toBe(0);
      expect(row.drawable, row.name).toBeGreaterThan(15);
      expect(row.drawn / row.drawable, row.name).toBeGreaterThanOrEqual(shares[row.name]!);
      expect(row.p99, row.name).toBeLessThanOrEqual(1);
      expect(row.max, row.name).toBeLessThanOrEqual(3);
    }
  }, 600_000);
});
