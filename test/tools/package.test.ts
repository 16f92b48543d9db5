import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { archive, filesBelow, shipped } from '../../src/tools/package';

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

test('the list of parts has what ships and nothing else, whatever it was installed for', () => {
  const part = (name: string, version: string, ...dependsOn: string[]) => ({
    component: { 'bom-ref': `${name}@${version}`, name, version, properties: [{ name: 'development' }] },
    dependency: { ref: `${name}@${version}`, dependsOn },
  });
  const parts = [
    part('preact', '11.2.0'),
    part('p-queue', '9.3.5', 'p-timeout@7.0.2'),
    part('p-timeout', '7.0.2'),
    part('p-timeout', '6.0.0'),
    part('vite', '8.3.8', 'preact@11.2.0'),
  ];
  const all = {
    metadata: { component: { 'bom-ref': 'liqbands@0.1.0' } },
    components: parts.map(({ component }) => component),
    dependencies: [
      { ref: 'liqbands@0.1.0', dependsOn: ['preact@11.2.0', 'p-queue@9.3.5', 'vite@8.3.8'] },
      ...parts.map(({ dependency }) => dependency),
    ],
  };
  const notices = [
    '# Licenses\n\n## preact - 11.2.0 (MIT)\n\n## p-queue - 9.3.5 (MIT)\n',
    '## p-timeout - 7.0.2 (MIT)\n',
  ];
  const { components, dependencies } = shipped(all, notices);
  expect(components.map((each) => each['bom-ref'])).toEqual([
    'preact@11.2.0',
    'p-queue@9.3.5',
    'p-timeout@7.0.2',
  ]);
  expect(dependencies).toEqual([
    { ref: 'liqbands@0.1.0', dependsOn: ['preact@11.2.0', 'p-queue@9.3.5'] },
    { ref: 'preact@11.2.0', dependsOn: [] },
    { ref: 'p-queue@9.3.5', dependsOn: ['p-timeout@7.0.2'] },
    { ref: 'p-timeout@7.0.2', dependsOn: [] },
  ]);
  expect(() => shipped(all, ['## idb - 8.0.4 (ISC)\n'])).toThrow('idb@8.0.4');
});
