import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** `liqbands mcp` as an agent speaks to it: the official client, over stdin and stdout, on the replay. */

const client = new Client({ name: 'test', version: '1' });

beforeAll(async () => {
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: ['src/cli/liqbands.mjs', 'mcp', '--replay', '--venues', 'binance,bybit'],
    }),
  );
}, 60_000);
afterAll(() => client.close());

async function call(name: string, given: object) {
  const { content, isError } = await client.callTool({ name, arguments: { ...given } }, undefined, {
    timeout: 90_000,
  });
  const [{ text }] = content as [{ text: string }];
  return { text, isError: isError === true, json: () => JSON.parse(text) };
}

test('offers four tools that read and change nothing', async () => {
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name).sort()).toEqual([
    'exchange_health',
    'liquidation_levels',
    'liquidation_map',
    'position_report',
  ]);
  expect(tools.every(({ annotations }) => annotations?.readOnlyHint)).toBe(true);
});

test('tells the map, its levels, the exchanges, and what they mean for a position', async () => {
  const map = (await call('liquidation_map', { symbol: 'ETH' })).json();
  expect(map).toMatchObject({ symbol: 'ETH-USDT', map: { window: '24h' } });
  expect(map.map.long.length).toBeGreaterThan(50);

  const levels = (await call('liquidation_levels', { symbol: 'ETH', window: '7d' })).json();
  expect(levels).toMatchObject({ window: '7d', price: map.map.price });
  // A zone that price stands in is cut there.
  for (const { side, edge } of levels.levels)
    expect(Math.sign(edge - levels.price) * (side === 'long' ? -1 : 1)).toBeGreaterThanOrEqual(0);

  const health = (await call('exchange_health', { symbol: 'ETH' })).json();
  expect(health.venues).toMatchObject([
    { venue: 'binance', state: 'ok' },
    { venue: 'bybit', state: 'ok' },
  ]);

  const entry = map.map.price;
  const position = { symbol: 'ETH', venue: 'binance', side: 'long', entry, leverage: 10, base: 2 };
  const report = (await call('position_report', position)).json();
  // Ten times leverage leaves a tenth, less what is kept for maintenance.
  expect(report.liquidation.price / entry).toBeGreaterThan(0.895);
  expect(report.liquidation.price / entry).toBeLessThan(0.92);
  expect(report.checklist.length).toBe(5);
}, 120_000);

test('says in words what it cannot do', async () => {
  expect(await call('liquidation_map', { symbol: '<b>' })).toMatchObject({
    isError: true,
    text: expect.stringContaining('names no market'),
  });
  expect(await call('liquidation_map', { symbol: 'ETH', window: '2h' })).toMatchObject({ isError: true });
  const elsewhere = { symbol: 'ETH', venue: 'okx', side: 'long', entry: 2600, leverage: 10, base: 2 };
  expect(await call('position_report', elsewhere)).toMatchObject({
    isError: true,
    text: '--venues leaves okx out',
  });
}, 120_000);
