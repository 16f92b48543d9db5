import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { ensureBuilt } from '../../src/tools/build';

/** What `npm install liqbands` brings. */

const run = promisify(execFile);
beforeAll(() => void ensureBuilt('widget', 'cli'), 120_000);

test('the package holds the widget and the command line, and nothing of the replay', async () => {
  const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts']);
  const [{ files, unpackedSize }] = JSON.parse(stdout) as [
    { files: { path: string }[]; unpackedSize: number },
  ];
  const paths = files.map(({ path }) => path);
  expect(paths.filter((path) => !/^dist\/cli\/assets\/[\w-]+\.js$/.test(path)).sort()).toEqual([
    'LICENSE',
    'README.md',
    'dist/cli/liqbands.js',
    'dist/widget/liquidation-map.d.ts',
    'dist/widget/liquidation-map.iife.js',
    'dist/widget/liquidation-map.js',
    'dist/widget/liquidation-map.live.js',
    'dist/widget/third-party.md',
    'package.json',
    'src/cli/liqbands.mjs',
  ]);
  expect(unpackedSize).toBeLessThan(2_000_000);
}, 60_000);

test('its command line runs without the sources, and says that the replay is not in it', async () => {
  const command = (...given: string[]) => run(process.execPath, ['dist/cli/liqbands.js', ...given]);
  expect((await command('--help')).stdout).toMatch(/^liqbands snapshot --symbol/);
  await expect(command('map', '--symbol', 'ETH', '--replay')).rejects.toMatchObject({
    code: 1,
    stderr: '--replay is for a checkout of the project\n',
  });
}, 60_000);
