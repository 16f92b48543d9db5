import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readReport, summaryOf } from '../../src/accuracy/read-report';

test('headings, paragraphs and tables come in order, pictures and comments do not', () => {
  const report =
    '# How well\n\n<!-- Not for readers. -->\n\nWritten by `npm run x`.\nAnd so on.\n\n![picture](a.png)\n\n## Set\n\n| | ρ |\n|---|---|\n| **the map** ([model.md](model.md)) | 0.8 |\n';
  expect(readReport(report)).toEqual([
    { kind: 'title', text: 'How well' },
    { kind: 'text', text: 'Written by npm run x. And so on.' },
    { kind: 'heading', text: 'Set' },
    { kind: 'table', head: ['', 'ρ'], rows: [['the map (model.md)', '0.8']] },
  ]);
});

test('the report that ships has a table with the model’s row for each set', () => {
  const tables = readReport(readFileSync('docs/accuracy.md', 'utf8')).filter(
    (piece) => piece.kind === 'table',
  );
  expect(tables.length).toBeGreaterThan(0);
  for (const { head, rows } of tables) for (const row of rows) expect(row).toHaveLength(head.length);
});

test('what the report says in short is found in the report that ships, and as its tables have it', () => {
  const report = readFileSync('docs/accuracy.md', 'utf8');
  const summary = summaryOf(report)!;
  expect(summary.recordings).toHaveLength(3);
  const tables = readReport(report).filter((piece) => piece.kind === 'table');
  const row = (rows: string[][], name: string) => rows.find(([first]) => first === name)!;
  for (const { name, map, distance } of summary.recordings) {
    const own = tables.find(
      ({ head, rows }) => head[1] === 'ρ' && row(rows, 'the map as it stood')?.[1] === map.toFixed(3),
    )!;
    expect(Number(row(own.rows, 'distance only')[1]), name).toBeCloseTo(distance, 2);
  }
  const { value, low, high } = summary.lift;
  expect(Number(low)).toBeLessThan(Number(value));
  expect(Number(value)).toBeLessThan(Number(high));
  expect(summaryOf('# Nothing of it')).toBeUndefined();
});
