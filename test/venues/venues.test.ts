import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { symbolAt } from '../../src/content/sites';
import { needTiers } from '../../src/engine/positions/margin';
import { venueFeeds as feeds } from '../../src/feeds';
import { recordedTiers, venueIds, venueOf, venues } from '../../src/venues';

/** What ships, without comments; tools are written for the venues they imitate. */
function shippedCode(): [file: string, code: string][] {
  return readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.startsWith('tools'))
    .map((file) => [
      file,
      readFileSync(join('src', file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/ .*$/gm, ''),
    ]);
}

describe('venues', () => {
  it('are the same in ids, rows and feeds, in one order', () => {
    expect(venues.map(({ id }) => id)).toEqual(venueIds);
    expect(feeds.map(({ id }) => id)).toEqual(venueIds);
    for (const id of venueIds) expect(venueOf(id).id).toBe(id);
  });

  it('stand by name in their row and their own files only', () => {
    const code = shippedCode();
    expect(code.length).toBeGreaterThan(100);
    for (const id of venueIds) {
      // As text, or as the key of a table.
      const named = new RegExp(`['"\`]${id}['"\`]|\\b${id}:`, 'i');
      const files = code.filter(([, text]) => named.test(text)).map(([file]) => file);
      expect(files).toContain(`venues/${id}.ts`);
      // Sites list addresses of charts of this and that venue as examples.
      const others = files.filter(
        (file) => !new RegExp(`/${id}(-\\w+)?\\.ts$`).test(file) && !file.startsWith('content/sites/'),
      );
      expect(others, id).toEqual([]);
    }
  });

  it('name hosts, and regions by pages of their own', () => {
    for (const { id, rest, restFallbacks, socket, pages, chart, optionalPages, regions } of venues) {
      expect(symbolAt({ url: new URL(`https://${pages[0]}${chart}`), title: '' })).toMatchObject({
        venue: id,
      });
      const hosts = [rest, ...restFallbacks, socket, ...pages, ...optionalPages, ...Object.values(regions)];
      for (const host of hosts) expect(new URL(`https://${host}/`).host).toBe(host);
      for (const page of Object.keys(regions)) expect([...pages, ...optionalPages]).toContain(page);
    }
  });

  it('have recorded tables without holes, each with its date', () => {
    for (const { id, tiers } of venues) {
      for (const [coin, { date }] of Object.entries(tiers)) {
        expect(Date.parse(date)).toBeLessThan(Date.now());
        needTiers(recordedTiers(id, `${coin}-USDT`)!, 'a recorded table');
      }
    }
    expect(recordedTiers(venueIds[0], 'NOSUCH-USDT')).toBeUndefined();
  });
});
