import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export type BuildMode = 'chrome' | 'firefox' | 'widget' | 'cli' | 'site';

const root = fileURLToPath(new URL('../..', import.meta.url));
const inputs = [
  'src',
  'public',
  'docs/site',
  'docs/snapshots',
  'docs/accuracy.md',
  'docs/model.md',
  'docs/snapshot.md',
  'manifest.json',
  'vite.config.ts',
  'package-lock.json',
];
/** A file that every build of the mode writes. */
const outputs: Record<BuildMode, string> = {
  chrome: 'dist/chrome/manifest.json',
  firefox: 'dist/firefox/manifest.json',
  widget: 'dist/widget/liquidation-map.iife.js',
  cli: 'dist/cli/liqbands.js',
  site: 'dist/site/index.html',
};

function newestInput(): number {
  let newest = 0;
  for (const input of inputs) {
    const path = join(root, input);
    const files = statSync(path).isDirectory()
      ? readdirSync(path, { recursive: true, encoding: 'utf8' }).map((file) => join(path, file))
      : [path];
    for (const file of files) newest = Math.max(newest, statSync(file).mtimeMs);
  }
  return newest;
}

/**
 * Builds each mode whose output is older than any source, and returns the folders under `dist`.
 *
 * @throws Error with Vite's own message when a build fails.
 */
export function ensureBuilt(...modes: BuildMode[]): string[] {
  const newest = newestInput();
  const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js');
  for (const mode of modes) {
    const built = statSync(join(root, outputs[mode]), { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (built > newest) continue;
    execFileSync(process.execPath, [vite, 'build', '--mode', mode, '--logLevel', 'warn'], {
      cwd: root,
      stdio: 'inherit',
      // A test runner's own `test` would turn off minification.
      env: { ...process.env, NODE_ENV: 'production' },
    });
  }
  return modes.map((mode) => join(root, 'dist', mode));
}
