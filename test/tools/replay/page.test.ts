import { afterAll, beforeAll, expect, it } from 'vitest';
import { createReplay, type ReplayExchange, replayFetch } from '../../../src/tools/replay';

let replay: ReplayExchange;
let fetch: typeof globalThis.fetch;

beforeAll(async () => {
  replay = await createReplay();
  fetch = replayFetch(replay.port);
});
afterAll(() => replay.close());

const addresses: [address: string, venue: string, symbol: string][] = [
  ['https://www.binance.com/en/futures/BTCUSDT', 'binance', 'BTCUSDT'],
  ['https://www.binance.com/futures/dogeusdt', 'binance', 'DOGEUSDT'],
  ['https://www.bybit.com/trade/usdt/BTCUSDT', 'bybit', 'BTCUSDT'],
  ['https://www.okx.com/trade-swap/btc-usdt-swap', 'okx', 'BTC-USDT-SWAP'],
  ['https://www.bitget.com/futures/usdt/ETHUSDT', 'bitget', 'ETHUSDT'],
  ['https://app.hyperliquid.xyz/trade/BTC', 'hyperliquid', 'BTC'],
];

it.each(addresses)('%s is a trading page', async (address, venue, symbol) => {
  const answer = await fetch(address);
  expect(answer.status).toBe(200);
  const text = await answer.text();
  expect(text).toContain(`data-venue="${venue}" data-symbol="${symbol}"`);
  expect(text).toContain('<div id="chart">');
});

it('a market that is not listed, and a page that is none, have no chart', async () => {
  const unlisted = await fetch('https://www.binance.com/en/futures/NOPEUSDT');
  expect(unlisted.status).toBe(404);
  expect(await unlisted.text()).not.toContain('id="chart"');
  expect(await (await fetch('https://www.binance.com/en/my/wallet')).text()).not.toContain('id="chart"');
});

it('the page’s script stands on its own', async () => {
  const script = await (await fetch('https://www.binance.com/__replay/page.js')).text();
  expect(() => new Function(script)).not.toThrow();
  expect(script).not.toMatch(/import|require|__vite/);
});

it('the chart library and the style are served locally', async () => {
  const library = await fetch('https://www.okx.com/__replay/lightweight-charts.js');
  expect(await library.text()).toContain('TradingView Lightweight Charts');
  expect((await fetch('https://www.okx.com/__replay/page.css')).headers.get('content-type')).toContain(
    'text/css',
  );
});

it('the strict variant allows no inline script and no eval', async () => {
  const answer = await fetch(`${addresses[0]![0]}?csp=strict`);
  const policy = answer.headers.get('content-security-policy')!;
  expect(policy).toContain("default-src 'none'; script-src 'self'");
  expect(await answer.text()).not.toMatch(/<script>|onclick=/);
});

it('a chart in a frame is a document of its own, with absolute addresses', async () => {
  const outer = await (await fetch(`${addresses[0]![0]}?frame=blob&theme=light`)).text();
  expect(outer).toContain('data-theme="light"');
  expect(outer).toContain('<iframe id="frame"');
  const inner = await (await fetch(`${addresses[0]![0]}?frame=blob&bare=1`)).text();
  expect(inner).toContain('<script src="https://www.binance.com/__replay/page.js">');
});
