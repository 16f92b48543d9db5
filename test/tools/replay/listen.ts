import type WebSocket from 'ws';
import { type ReplayExchange, replayWebSocket } from '../../../src/tools/replay';

export interface Line {
  /** Every text received, decoded where it is JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: messages of five venues, told apart by the tests
  messages: any[];
  say(text: string | object): void;
  /** Waits until what was sent has arrived. */
  settle(): Promise<void>;
  close(): void;
}

/** Opens a socket at a venue's real address and sends it some texts. */
export async function listen(
  replay: ReplayExchange,
  address: string,
  ...texts: (string | object)[]
): Promise<Line> {
  const Socket = replayWebSocket(replay.port);
  const socket = new Socket(address) as unknown as WebSocket;
  const messages: unknown[] = [];
  socket.addEventListener('message', (event) => {
    const text = event.data as string;
    messages.push(/^[{[]/.test(text) ? JSON.parse(text) : text);
  });
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true });
    socket.addEventListener('error', reject);
  });
  const say = (text: string | object) => socket.send(typeof text === 'string' ? text : JSON.stringify(text));
  for (const text of texts) say(text);
  /** The answer to a protocol ping comes after everything sent before it. */
  const settle = () =>
    new Promise<void>((resolve) => {
      if (socket.readyState !== socket.OPEN) return resolve();
      socket.once('pong', () => resolve());
      socket.once('close', () => resolve());
      socket.ping();
    });
  await settle();
  return { messages, say, settle, close: () => socket.close() };
}
