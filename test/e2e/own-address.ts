import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** The user's own address, or a messenger's, on this machine: it notes what it is sent, and answers as a test wants. */
export interface OwnAddress {
  port: number;
  received: { host: string; path: string; body: unknown }[];
  /** How it answers from now on, by the host that was asked. */
  answer: (response: ServerResponse, host: string) => void;
  close(): Promise<void>;
}

const pem = (name: string) =>
  readFileSync(new URL(`../../src/tools/replay/certificate/${name}.pem`, import.meta.url));

export async function openOwnAddress(): Promise<OwnAddress> {
  const server = createServer({ cert: pem('certificate'), key: pem('key') }, (request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on('end', () => {
      const host = request.headers.host ?? '';
      address.received.push({ host, path: request.url ?? '', body: JSON.parse(text || 'null') });
      address.answer(response, host);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address: OwnAddress = {
    port: (server.address() as AddressInfo).port,
    received: [],
    answer: (response) => response.end(),
    close: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
  return address;
}
