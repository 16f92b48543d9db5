import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type OutletProblem, Outlets } from '../../../src/background/browser/outlets';
import { postJson } from '../../../src/feeds/net/post';
import { AlertChoices } from '../../../src/protocol/alert-choices';

/** The user's own address, answering as a test wants. */
let server: Server;
let received: { path: string; body: unknown }[] = [];
let answer: (response: ServerResponse) => void;
let base: string;
beforeEach(async () => {
  received = [];
  answer = (response) => response.end();
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on('end', () => {
      received.push({ path: request.url ?? '', body: JSON.parse(text || 'null') });
      answer(response);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const words = (problem: OutletProblem) => Object.values(problem).join(' ');
const message = { time: 5, symbol: 'BTC-USDT', kind: 'edge', text: 'Price is close.' } as const;
const to = (format: 'json' | 'discord' | 'slack'): AlertChoices => ({
  ...AlertChoices.parse({}),
  webhook: { url: `${base}/hook`, format },
});

test('each format is what its receiver takes', async () => {
  const outlets = new Outlets(postJson, Date.now, words);
  for (const format of ['json', 'discord', 'slack'] as const)
    expect(await outlets.send(message, to(format))).toBe('');
  expect(received.map(({ body }) => body)).toEqual([
    message,
    { content: 'BTC-USDT: Price is close.' },
    { text: 'BTC-USDT: Price is close.' },
  ]);
});

test('nothing is sent where nothing is chosen', async () => {
  expect(await new Outlets(postJson, Date.now, words).send(message, AlertChoices.parse({}))).toBe('');
  expect(received).toEqual([]);
});

test('a refusal is said in words, and the address left alone for ten minutes', async () => {
  let now = 0;
  const outlets = new Outlets(postJson, () => now, words);
  answer = (response) => response.writeHead(403).end();
  expect(await outlets.send(message, to('json'))).toBe('Webhook: status 403');
  now = 9 * 60_000;
  expect(await outlets.send(message, to('json'))).toBe('Webhook: paused');
  expect(received).toHaveLength(1);
  now = 11 * 60_000;
  answer = (response) => response.end();
  expect(await outlets.send(message, to('json'))).toBe('');
});

test('a redirect is not followed: what was meant for one address does not go to another', async () => {
  answer = (response) => response.writeHead(307, { location: `${base}/elsewhere` }).end();
  expect(await new Outlets(postJson, Date.now, words).send(message, to('json'))).toBe('Webhook: unreached');
  expect(received.map(({ path }) => path)).toEqual(['/hook']);
});

test('a slow address is given up after five seconds, and a test is sent even while it is paused', async () => {
  answer = () => undefined;
  const outlets = new Outlets(postJson, Date.now, words);
  expect(await outlets.send(message, to('json'))).toBe('Webhook: timeout');
  answer = (response) => response.end();
  expect(await outlets.send(message, to('json'), true)).toBe('');
}, 15_000);
