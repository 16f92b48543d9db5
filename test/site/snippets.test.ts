import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Snapshot } from '../../src/protocol/snapshot';
import { movedTo } from '../../src/site/demo-clock';
import { embedAttributes } from '../../src/site/embed-attributes';
import { type Choice, snippetsOf } from '../../src/site/snippets';
import { attributeNames } from '../../src/widget/attributes';

const usual: Choice = {
  symbol: 'ETH',
  window: '24h',
  mode: 'levels',
  theme: 'auto',
  palette: 'viridis',
  lang: '',
  height: '',
  src: 'snapshots/ETH.json',
  base: 'https://cdn.example/liqbands/',
};

test('only what differs from the usual is written', () => {
  expect(snippetsOf(usual).script).toContain(
    '<liquidation-map symbol="ETH" src="https://cdn.example/liqbands/snapshots/ETH.json">',
  );
  const { script, iframe } = snippetsOf({ ...usual, mode: 'heatmap', lang: 'ja', height: '500' });
  expect(script).toContain('mode="heatmap" lang="ja" height="500"');
  expect(iframe).toContain('embed.html?symbol=ETH&amp;mode=heatmap&amp;lang=ja&amp;src=snapshots%2FETH.json');
  expect(iframe).toContain('height="500"');
});

test('pictures lie beside the snapshot; oEmbed is JSON with the frame and its picture', () => {
  const { image, oembed, discovery } = snippetsOf(usual);
  expect(image).toContain('src="https://cdn.example/liqbands/snapshots/ETH.png"');
  expect(JSON.parse(oembed)).toMatchObject({
    version: '1.0',
    type: 'rich',
    thumbnail_url: 'https://cdn.example/liqbands/snapshots/ETH.png',
    html: expect.stringContaining('<iframe '),
  });
  expect(discovery).toContain('href="https://cdn.example/liqbands/oembed.json"');
});

test('whatever is typed stays text', () => {
  const typed = '"><img src=x onerror=alert(1)>';
  const snippets = snippetsOf({ ...usual, symbol: typed, src: typed, height: typed, base: typed });
  // The title of an oEmbed is text by itself.
  const oembed = JSON.parse(snippets.oembed).html;
  for (const text of Object.values({ ...snippets, oembed })) expect(text).not.toContain('<img src=x');
});

test('a frame shows the snapshot of its symbol beside it, or the one that is named', () => {
  expect(embedAttributes('?symbol=../x')).toContainEqual(['src', 'snapshots/..%2Fx.json']);
  expect(embedAttributes('?symbol=ETH&src=a.json&onclick=1')).toEqual([
    ['symbol', 'ETH'],
    ['src', 'a.json'],
  ]);
});

test('the demonstration’s snapshot is one, also moved to another time', () => {
  const demo = JSON.parse(readFileSync('docs/snapshots/eth.json', 'utf8')) as Snapshot;
  const now = Date.UTC(2030, 0, 1);
  const moved = movedTo(now, demo) as Snapshot;
  expect(Snapshot(moved)).toBeUndefined();
  expect(now - moved.time).toBe(10_000);
  const { view, candles } = moved.windows['24h']!;
  const before = demo.windows['24h']!;
  expect(view.asOf - candles.at(-1)![0]).toBe(before.view.asOf - before.candles.at(-1)![0]);
  expect(view.price).toBe(before.view.price);
});

test('the reference has every attribute, event, part and custom property', () => {
  const page = readFileSync('docs/site/api.html', 'utf8');
  const named = new Set([...page.matchAll(/<code>([^<]*)<\/code>/g)].map(([, code]) => code));
  const source = ['frame.ts', 'element.ts'].map((file) => readFileSync(`src/widget/${file}`, 'utf8')).join();
  const parts = [...source.matchAll(/\[\w+, '(\w+)'\],|setAttribute\('part', '(\w+)'\)/g)].map(
    ([, one, other]) => one ?? other!,
  );
  expect(parts.length).toBeGreaterThan(5);
  const css = readFileSync('src/widget/widget.css', 'utf8');
  const properties = [...css.matchAll(/--liquidation-map-\w+/g)].map(([name]) => name);
  const events = ['update', 'error'].map((event) => `liquidation-map:${event}`);
  for (const each of [...attributeNames, 'lang', ...parts, ...properties, ...events])
    expect(named).toContain(each);
});
