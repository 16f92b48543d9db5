import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser';
import { describe, expect, it } from 'vitest';

const require = createRequire(import.meta.url);
const config = require('../.dependency-cruiser.cjs');

// dependency-cruiser parses with swc but does not tell it which files hold JSX.
const swc = require('@swc/core');
const { parseFileSync } = swc;
swc.parseFileSync = (file: string, options: object) =>
  parseFileSync(file, { ...options, tsx: file.endsWith('.tsx') });

/** Layers that may name the engine's records but not run it: pages draw what the worker computed. */
const typesOnly = ['venues', 'protocol', 'paint', 'content', 'popup', 'tools/replay'];

/** The only code that asks and connects. */
const network = ['http.ts', 'post.ts', 'shared-sockets.ts', 'socket.ts'].map((file) =>
  join('src', 'feeds', 'net', file),
);

/** Where the platform's network is handed in. */
const wiring = ['background/index.ts', 'widget/index.ts'].map((file) => join('src', file));

function sources(layer: string): string[] {
  return readdirSync(join('src', layer), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => join('src', layer, file));
}

describe('layers', () => {
  it('import in one direction, and the check has seen the modules', async () => {
    const options: ICruiseOptions = {
      ...config.options,
      ruleSet: { forbidden: config.forbidden },
      validate: true,
    };
    const { output } = await cruise(['src'], options);
    const { modules, summary } = output as ICruiseResult;
    const own = modules.filter((module) => module.source.startsWith('src/'));
    expect(own.length).toBeGreaterThan(100);
    expect(own.filter((module) => module.source.endsWith('.tsx')).length).toBeGreaterThan(3);
    expect(own.flatMap((module) => module.dependencies).length).toBeGreaterThan(own.length);
    expect(summary.violations.map((v) => `${v.rule.name}: ${v.from} → ${v.to}`)).toEqual([]);
  }, 60_000);

  it.each(typesOnly)('%s knows the engine’s records, units of time, and no more', (layer) => {
    const files = sources(layer);
    expect(files.length).toBeGreaterThan(0);
    const running = files.filter((file) =>
      /^import (?!type\b)[^;]*from '[./]+\/engine\/(?!(?:records|time)')/m.test(readFileSync(file, 'utf8')),
    );
    expect(running).toEqual([]);
  });

  it('only one file asks the browser’s storage, which may never answer', () => {
    const shipped = sources('.').filter((file) => !file.startsWith(join('src', 'tools')));
    const asking = shipped.filter((file) =>
      /\bstorage(?:\.(?:local|session|sync|managed)|\[\w+\])\s*\.(?:get|set|remove|clear)\w*\(/.test(
        readFileSync(file, 'utf8'),
      ),
    );
    expect(asking).toEqual([join('src', 'protocol', 'browser-storage.ts')]);
  });

  it('only net/ of the feeds opens connections', () => {
    const files = [
      'engine',
      'venues',
      'feeds',
      'protocol',
      'background',
      'content',
      'popup',
      'widget',
      'ui',
      'paint',
    ]
      .flatMap(sources)
      .filter((file) => !network.includes(file) && !wiring.includes(file));
    const opening = files.filter((file) => {
      const code = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
      const named = /\b(?:const|private|async|function) fetch\b|\bfetch: \(/.test(code); // its own, handed in
      return (
        /\bnew (?:WebSocket|EventSource|XMLHttpRequest)\b|\bsendBeacon\b|\b(?:globalThis|window|self)\.fetch\b/.test(
          code,
        ) ||
        (!named && /(?<![\w.])fetch\((?!chrome\.runtime\.getURL\()/.test(code)) // but for files of its own package
      );
    });
    expect(opening).toEqual([]);
  });
});
