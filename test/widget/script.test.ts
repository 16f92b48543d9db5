import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import english from '../../public/_locales/en/messages.json';
import { ensureBuilt } from '../../src/tools/build';

describe('the widget’s script', () => {
  beforeAll(() => void ensureBuilt('widget'), 60_000);

  it('has every text that it asks for', () => {
    const code = readFileSync('dist/widget/liquidation-map.iife.js', 'latin1');
    const has = (key: string) => new RegExp(`\\b${key}:\\{message:`).test(code);
    const asked = Object.keys(english).filter((key) => new RegExp(`["'\`]${key}["'\`]`).test(code));
    expect(asked).toContain('map_longs');
    expect(asked.filter((key) => !has(key))).toEqual([]);
    for (const key of ['window_24h', 'window_last_7d'] as const) expect(has(key)).toBe(true);
  });

  it('can be imported where there is no page, as when a server renders', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--input-type=module',
      '-e',
      "await import('./dist/widget/liquidation-map.js'); console.log('imported');",
    ]);
    expect(stdout).toBe('imported\n');
  });

  it.each(['liquidation-map.iife.js', 'liquidation-map.js', 'liquidation-map.live.js'])(
    '%s is plain ASCII, so that pages of any character set can load it',
    (file) => {
      const code = readFileSync(`dist/widget/${file}`, 'latin1');
      expect(code.length).toBeGreaterThan(10_000);
      expect(/[^\0-\x7f]/.exec(code)?.index).toBeUndefined();
    },
  );
});
