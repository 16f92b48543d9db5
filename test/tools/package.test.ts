import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { archive, filesBelow } from '../../src/tools/package';

test('the same files make the same archive, in whatever order and folder they lie', () => {
  const text = (content: string) => new TextEncoder().encode(content);
  const once = archive({ 'b/two.js': text('2'), 'a.js': text('1') });
  expect(archive({ 'a.js': text('1'), 'b/two.js': text('2') })).toEqual(once);
  expect(Object.keys(unzipSync(once))).toEqual(['a.js', 'b/two.js']);
  expect(archive({ 'a.js': text('1'), 'b/two.js': text('3') })).not.toEqual(once);
});

test('files are named from their folder, and what is to be left out stays out', () => {
  const folder = mkdtempSync(join(tmpdir(), 'liqbands-'));
  mkdirSync(join(folder, 'src'));
  mkdirSync(join(folder, 'test'));
  writeFileSync(join(folder, 'src/a.ts'), 'a');
  writeFileSync(join(folder, 'test/a.test.ts'), 'a');
  expect(Object.keys(filesBelow(folder, /^test(\/|$)/))).toEqual(['src/a.ts']);
});
