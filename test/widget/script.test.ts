import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../../src/tools/build';

describe('the widget’s script', () => {
  beforeAll(() => void ensureBuilt('widget'), 60_000);

  it.each(['liquidation-map.iife.js', 'liquidation-map.js'])(
    '%s is plain ASCII, so that pages of any character set can load it',
    (file) => {
      const code = readFileSync(`dist/widget/${file}`, 'latin1');
      expect(code.length).toBeGreaterThan(10_000);
      expect(/[^\0-\x7f]/.exec(code)?.index).toBeUndefined();
    },
  );
});
