import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { ReplayClock } from './clock';
import { damage, type FaultBox, type FaultKind } from './faults';
import type { Budgets } from './limits';
import type { PageServer } from './page';
import { type ReplayVenue, RequestRefusal, type SocketSession } from './venue';

/** The wire: one port that speaks TLS and plain HTTP, finds the venue by host name, and keeps its sockets fed. */

export interface Seat {
  venue: ReplayVenue;
  budgets: Budgets;
  requests: number;
  /** Texts sent on sockets. */
  messages: number;
  /** Takes listings away and gives them back as the faults say. */
  list(): void;
}

interface Connection {
  seat: Seat;
  path: string;
  socket: WebSocket;
  session: SocketSession;
  opened: number;
  heard: number;
  pinged: number;
  /** Alternates, to cut every third message. */
  sent: number;
}

const html =
  '<!doctype html><html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1></body></html>';

const refusedWords: Record<number, unknown> = {
  403: '<html><head><title>403 Forbidden</title></head><body><center><h1>403 Forbidden</h1></center></body></html>',
  451: {
    code: 0,
    msg: "Service unavailable from a restricted location according to 'b. Eligibility' in the terms of use.",
  },
};

export class ReplayServer {
  readonly #http = createHttpServer((request, response) => void this.#handle(request, response));
  readonly #https = createHttpsServer(
    {
      cert: readFileSync(new URL('./certificate/certificate.pem', import.meta.url)),
      key: readFileSync(new URL('./certificate/key.pem', import.meta.url)),
    },
    (request, response) => void this.#handle(request, response),
  );
  /** Tells TLS from plain HTTP by the first byte, so that one port serves both. */
  readonly #front = createServer((socket) => this.#sniff(socket));
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #connections = new Set<Connection>();
  readonly #open = new Set<Socket>();
  /** Requests and handshakes that get no answer, or one without end, because a fault says so. */
  readonly #held = new Set<object>();
  #fedUntil: number;

  constructor(
    private readonly seats: Seat[],
    private readonly clock: ReplayClock,
    private readonly faults: FaultBox,
    private readonly wall: () => number,
    private readonly pages: PageServer,
    private readonly control: (method: string, path: string, body: unknown) => unknown,
  ) {
    this.#fedUntil = clock.now();
    for (const server of [this.#http, this.#https]) {
      server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    }
  }

  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#front.once('error', reject);
      this.#front.listen(port, '127.0.0.1', resolve);
    });
    return (this.#front.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const { socket } of this.#connections) socket.terminate();
    for (const socket of this.#open) socket.destroy();
    await new Promise<void>((resolve) => this.#front.close(() => resolve()));
  }

  /** How many requests and handshakes are kept waiting on purpose. */
  get held(): number {
    return this.#held.size;
  }

  socketCounts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { seat } of this.#connections) counts[seat.venue.id] = (counts[seat.venue.id] ?? 0) + 1;
    return counts;
  }

  #sniff(socket: Socket): void {
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.once('data', (first: Buffer) => {
      socket.pause();
      (first[0] === 0x16 ? this.#https : this.#http).emit('connection', socket);
      socket.unshift(first);
      process.nextTick(() => socket.resume());
    });
  }

  /** The venue of a host name, or of a path where the client names this machine. */
  #seatOf(host: string, matches: (venue: ReplayVenue) => boolean): Seat | undefined {
    const byHost = this.seats.filter(({ venue }) => venue.hosts.includes(host));
    const candidates = byHost.length ? byHost : isLocal(host) ? this.seats : [];
    return candidates.find(({ venue }) => matches(venue)) ?? byHost[0];
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#answer(request, response);
    } catch (error) {
      console.error('replay:', error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const host = hostOf(request);
    const url = new URL(request.url ?? '/', `https://${host}`);
    const path = url.pathname;
    const method = request.method ?? 'GET';
    const text = await readBody(request);

    if (path.startsWith('/__replay')) {
      const asset = method === 'GET' ? this.pages.asset(path, url.searchParams) : undefined;
      if (asset) return void response.writeHead(200, asset.headers).end(asset.body);
      return this.#answerControl(method, path, text, response);
    }

    const body = text ? parseJson(text) : undefined;
    const seat = this.#seatOf(host, (venue) => venue.route(method, path, body) !== undefined);
    const route = seat?.venue.route(method, path, body);
    if (!seat || !route) {
      const page = method === 'GET' ? this.pages.page(host, url, this.clock.now()) : undefined;
      if (page) return void response.writeHead(page.status, page.headers).end(page.body);
      const cors = seat?.venue.allowsAnyOrigin(path) ? corsHeaders : {};
      if (method === 'OPTIONS') return void response.writeHead(seat ? 204 : 404, cors).end();
      return this.#write(
        response,
        seat?.venue.unknown(path) ?? new RequestRefusal(404, { error: 'unknown host' }),
        cors,
      );
    }

    const { venue } = seat;
    seat.requests++;
    seat.list();
    const headers: Record<string, string> = venue.allowsAnyOrigin(path) ? { ...corsHeaders } : {};
    // Faults may be kept to a host: several answer for a venue.
    const where = host + path;
    const late = this.faults.strike('latency', venue.id, where);
    if (late) await delay(late.ms! + (seededJitter(seat.requests) - 0.5) * 2 * (late.jitterMs ?? 0));

    const refused = this.faults.strike('status', venue.id, where);
    if (refused) return this.#write(response, scripted(venue, refused.status!, refused.retryAfter), headers);
    if (this.faults.strike('hang', venue.id, where)) return this.#hold(response);

    const now = this.clock.now() + this.faults.skew(venue.id);
    const asked = { query: url.searchParams, body, now };
    const key = route.key?.(asked) ?? '';
    const charged = seat.budgets.charge(route.pool, key, route.weight?.(asked) ?? 1, this.wall());
    Object.assign(headers, venue.headers({ pool: route.pool, weight: charged.used }));
    if (charged.retryAfterMs !== undefined) {
      const refusal = charged.isBanned ? venue.banned?.(charged.retryAfterMs) : undefined;
      return this.#write(response, refusal ?? venue.limited(route.pool, charged.retryAfterMs), headers);
    }
    let answer: unknown;
    try {
      answer = route.answer(asked);
    } catch (error) {
      if (error instanceof RequestRefusal) return this.#write(response, error, headers);
      throw error;
    }
    if (route.extra) seat.budgets.charge(route.pool, key, route.extra(answer), this.wall());

    if (this.faults.strike('html', venue.id, where)) {
      return void response.writeHead(200, { ...headers, 'Content-Type': 'text/html' }).end(html);
    }
    if (this.faults.strike('nothing', venue.id, where)) return void response.writeHead(200, headers).end();
    const elsewhere = this.faults.strike('redirect', venue.id, where);
    if (elsewhere)
      return void response
        .writeHead(307, { ...headers, Location: `https://${elsewhere.to}${url.pathname}` })
        .end();
    const large = this.faults.strike('large', venue.id, where);
    if (large) return void response.writeHead(200, headers).end(Buffer.alloc(large.bytes!, ' '));
    if (this.faults.strike('endless', venue.id, where)) return this.#trickle(response, headers);
    for (const kind of rowDamage) {
      const fault = this.faults.strike(kind, venue.id, where);
      if (fault) answer = damage(kind, answer, fault);
    }
    const payload = Buffer.from(JSON.stringify(answer));
    headers['Content-Type'] = 'application/json';
    headers['Content-Length'] = String(payload.length);
    response.writeHead(200, headers);
    if (this.faults.strike('half', venue.id, where)) {
      response.write(payload.subarray(0, payload.length >> 1), () => response.destroy());
      return;
    }
    response.end(payload);
  }

  #hold(wire: ServerResponse | Duplex): void {
    this.#held.add(wire);
    wire.on('close', () => this.#held.delete(wire));
  }

  #trickle(response: ServerResponse, headers: Record<string, string>): void {
    this.#hold(response);
    response.writeHead(200, headers);
    const timer = setInterval(() => response.write(' '), 1000);
    response.on('close', () => clearInterval(timer));
  }

  #answerControl(method: string, path: string, text: string, response: ServerResponse): void {
    try {
      const answer = this.control(method, path, text ? JSON.parse(text) : undefined);
      const status = answer === undefined ? 404 : 200;
      response.writeHead(status, { ...corsHeaders, 'Content-Type': 'application/json' });
      response.end(JSON.stringify(answer ?? { error: `nothing at ${path}` }, null, 1));
    } catch (error) {
      response.writeHead(400, { ...corsHeaders, 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ error: error instanceof Error ? error.message : String(error) }));
    }
  }

  #write(response: ServerResponse, refusal: RequestRefusal, headers: Record<string, string>): void {
    const isText = typeof refusal.body === 'string';
    response.writeHead(refusal.status, {
      ...headers,
      ...refusal.headers,
      'Content-Type': isText ? 'text/html' : 'application/json',
    });
    response.end(isText ? (refusal.body as string) : JSON.stringify(refusal.body));
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const host = hostOf(request);
    const url = new URL(request.url ?? '/', `https://${host}`);
    const path = url.pathname;
    let session: SocketSession | undefined;
    const seat = this.#seatOf(host, (venue) => {
      session ??= venue.connect(path, url.searchParams);
      return session !== undefined;
    });
    const refuse = (status: number): void => {
      socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    };
    if (!seat || !session) {
      refuse(404);
      return;
    }
    const where = host + path;
    const fault = this.faults.strike('status', seat.venue.id, where);
    if (fault) {
      refuse(fault.status!);
      return;
    }
    if (this.faults.strike('hang', seat.venue.id, where)) return void this.#hold(socket);
    const open = session;
    this.#sockets.handleUpgrade(request, socket, head, (ws) => this.#connect(seat, where, ws, open));
  }

  #connect(seat: Seat, path: string, socket: WebSocket, session: SocketSession): void {
    const wall = this.wall();
    const connection: Connection = {
      seat,
      path,
      socket,
      session,
      opened: wall,
      heard: wall,
      pinged: wall,
      sent: 0,
    };
    this.#connections.add(connection);
    socket.on('close', () => this.#connections.delete(connection));
    socket.on('error', () => socket.terminate());
    socket.on('pong', () => {
      connection.heard = this.wall();
    });
    socket.on('message', (data) => {
      connection.heard = this.wall();
      for (const answer of session.receive((data as Buffer).toString(), this.clock.now()))
        this.#say(connection, answer);
    });
  }

  #say(connection: Connection, text: string): void {
    connection.seat.messages++;
    const late = this.faults.active('latency', connection.seat.venue.id, connection.path)[0]?.ms ?? 0;
    if (late > 0) setTimeout(() => connection.socket.send(text, () => {}), late);
    else connection.socket.send(text, () => {});
  }

  /** Sends everything between the last call and the clock's time. Long stretches go out in steps, so that events of several sockets mix. */
  feed(): void {
    const to = this.clock.now();
    const span = to - this.#fedUntil;
    if (span <= 0) return;
    const step = Math.max(1000, Math.ceil(span / 100));
    for (const seat of this.seats) seat.list();
    this.#keepAlive();
    while (this.#fedUntil < to) {
      const from = this.#fedUntil;
      this.#fedUntil = Math.min(to, from + step);
      for (const connection of this.#connections) this.#feedOne(connection, from, this.#fedUntil);
    }
  }

  #feedOne(connection: Connection, from: number, to: number): void {
    const { seat, path, session } = connection;
    const id = seat.venue.id;
    const skew = this.faults.skew(id);
    const messages = session.send(from + skew, to + skew);
    if (this.faults.active('silent', id, path).length) return;
    if (this.faults.active('reorder', id, path).length) messages.reverse();
    for (const message of messages) {
      const unheard = this.faults.active('mute', id, path);
      if (unheard.some((fault) => message.includes(fault.text!))) continue;
      connection.sent++;
      if (this.faults.active('gap', id, path).length && connection.sent % 3 === 0) continue;
      let text = message;
      if (this.faults.strike('half', id, path)) text = text.slice(0, text.length >> 1);
      else if (this.faults.strike('html', id, path)) text = html;
      else {
        for (const kind of ['nan', 'empty', 'shape'] as const) {
          if (this.faults.strike(kind, id, path)) text = JSON.stringify(damage(kind, JSON.parse(text)));
        }
      }
      this.#say(connection, text);
      if (this.faults.strike('duplicate', id, path)) this.#say(connection, text);
    }
  }

  #keepAlive(): void {
    const wall = this.wall();
    for (const connection of this.#connections) {
      const { seat, path, socket, session } = connection;
      const cut = this.faults.active('close', seat.venue.id, path)[0];
      if (wall - connection.heard > session.idleMs || (cut && wall - connection.opened >= cut.everyMs!)) {
        socket.close(1001);
        continue;
      }
      if (session.pingMs && wall - connection.pinged >= session.pingMs) {
        connection.pinged = wall;
        socket.ping();
      }
    }
  }
}

const rowDamage: FaultKind[] = ['nan', 'empty', 'odd', 'shape', 'reorder', 'duplicate', 'gap'];

const corsHeaders: Record<string, string> = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': 'GET, POST, OPTIONS',
  'Access-Control-Allow-Headers': 'Content-Type',
};

function scripted(venue: ReplayVenue, status: number, asked: number | undefined): RequestRefusal {
  const retryAfter = asked ?? 1;
  if (status === 429) {
    const { body } = venue.limited(Object.keys(venue.pools)[0]!, retryAfter * 1000);
    return new RequestRefusal(429, body, { 'Retry-After': String(retryAfter) });
  }
  if (status === 418 && venue.banned) return venue.banned(retryAfter * 1000);
  const words =
    refusedWords[status] ??
    `<html><head><title>${status}</title></head><body><h1>${status}</h1></body></html>`;
  return new RequestRefusal(status, words, asked === undefined ? {} : { 'Retry-After': String(asked) });
}

function hostOf(request: IncomingMessage): string {
  return (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
}

function isLocal(host: string): boolean {
  return host === '127.0.0.1' || host === 'localhost' || host === '[::1]';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}

function seededJitter(n: number): number {
  return (n * 0.618_033_988_75) % 1;
}
