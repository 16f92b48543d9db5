import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import listing from '../../docs/stores/listing.json' with { type: 'json' };
import manifest from '../../manifest.json' with { type: 'json' };

/** What the stores take: characters at most, and for Edge at least. */
const limits = { name: { chrome: 75, firefox: 50 }, summary: { chrome: 132, firefox: 250 } };
const descriptionLength = { least: 250, most: 10_000 };

const messages = z.record(z.string(), z.object({ message: z.string() }));

describe.each(Object.entries(listing))('the listing in %s', (language, { summary, description }) => {
  const texts = messages.parse(JSON.parse(readFileSync(`public/_locales/${language}/messages.json`, 'utf8')));

  it('fits every store', () => {
    const name = texts.extensionName!.message;
    expect(name.length).toBeLessThanOrEqual(Math.min(limits.name.chrome, limits.name.firefox));
    expect(texts.extensionDescription!.message.length).toBeLessThanOrEqual(limits.summary.chrome);
    expect(summary.length).toBeLessThanOrEqual(limits.summary.firefox);
    expect(description.length).toBeGreaterThanOrEqual(descriptionLength.least);
    expect(description.length).toBeLessThanOrEqual(descriptionLength.most);
  });

  it('names every exchange that the extension asks for at installation', () => {
    const sites = ['Binance', 'Bybit', 'OKX', 'Bitget', 'Hyperliquid', 'TradingView'];
    for (const site of sites) expect(description).toContain(site);
  });
});

it('the listing has the languages of the extension', async () => {
  const { readdirSync } = await import('node:fs');
  expect(Object.keys(listing).sort()).toEqual(readdirSync('public/_locales').sort());
});

describe('the permissions page', () => {
  const page = readFileSync('docs/stores/README.md', 'utf8');
  const justified = [...page.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1]!);

  it('justifies each permission that the manifest asks for, and no other', () => {
    const { permissions, host_permissions, optional_host_permissions } = manifest;
    expect(justified.sort()).toEqual(
      [...permissions, ...host_permissions, ...optional_host_permissions].sort(),
    );
  });
});
