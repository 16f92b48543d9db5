import { readFileSync } from 'node:fs';
import { Agent, type AgentOptions, request } from 'node:https';
import { connect, type TLSSocket } from 'node:tls';
import WebSocket, { type ClientOptions } from 'ws';

/** For programs outside a browser: real addresses, answered by the replay exchange. */

const certificate = readFileSync(new URL('./certificate/certificate.pem', import.meta.url), 'utf8');

class ReplayAgent extends Agent {
  constructor(
    private readonly port: number,
    options?: AgentOptions,
  ) {
    super(options);
  }

  override createConnection(options: { servername?: string; host?: string | null }): TLSSocket {
    const servername = options.servername || (options.host ?? 'localhost');
    return connect({
      host: '127.0.0.1',
      port: this.port,
      servername,
      ca: certificate,
      // No other certificate is trusted here, and this one stands for every host, those it was not made for among them.
      checkServerIdentity: () => undefined,
    });
  }
}

/** An agent for node:https, axios and ws that leads every host name to the exchange on `port`. */
export function replayAgent(port: number): Agent {
  return new ReplayAgent(port, { keepAlive: true });
}

/** `fetch`, but every host name is answered by the exchange on `port`. */
export function replayFetch(port: number): typeof fetch {
  const agent = replayAgent(port);
  return async (input, init) => {
    const asked = new Request(input, init);
    const body = asked.body ? Buffer.from(await asked.arrayBuffer()) : undefined;
    return new Promise<Response>((resolve, reject) => {
      const outgoing = request(
        asked.url,
        { agent, method: asked.method, headers: Object.fromEntries(asked.headers) },
        (incoming) => {
          const headers = new Headers();
          for (const [name, value] of Object.entries(incoming.headers)) headers.set(name, String(value));
          const status = incoming.statusCode ?? 500;
          // As browsers do when they are told to follow nobody.
          if (asked.redirect === 'error' && status >= 300 && status < 400 && status !== 304) {
            incoming.destroy();
            return reject(new TypeError('fetch failed', { cause: new Error('unexpected redirect') }));
          }
          const stream = new ReadableStream<Uint8Array>({
            start(controller) {
              incoming.on('data', (part: Buffer) => controller.enqueue(part));
              incoming.on('end', () => controller.close());
              incoming.on('error', (error) =>
                controller.error(new TypeError('terminated', { cause: error })),
              );
            },
            cancel: () => void incoming.destroy(),
          });
          resolve(new Response(status === 204 || status === 304 ? null : stream, { status, headers }));
        },
      );
      const abort = () => {
        outgoing.destroy();
        reject(asked.signal.reason);
      };
      if (asked.signal.aborted) return abort();
      asked.signal.addEventListener('abort', abort, { once: true });
      outgoing.on('error', (error) => reject(new TypeError('fetch failed', { cause: error })));
      outgoing.end(body);
    });
  };
}

/** A `WebSocket` class whose connections end at the exchange on `port`. */
export function replayWebSocket(port: number): typeof globalThis.WebSocket {
  const agent = replayAgent(port);
  class Connected extends WebSocket {
    constructor(address: string | URL, protocols?: string | string[], options?: ClientOptions) {
      super(address, protocols, { ...options, agent });
    }

    /** Part of the browser's interface that ws leaves out: clients close a socket for its listeners with it. */
    dispatchEvent(event: Event): boolean {
      const { code = 1000, reason = '' } = event as Partial<CloseEvent>;
      return event.type === 'close' ? this.emit('close', code, Buffer.from(reason)) : this.emit(event.type);
    }
  }
  // ws implements the browser's interface; its types say so only in parts
  return Connected as unknown as typeof globalThis.WebSocket;
}
