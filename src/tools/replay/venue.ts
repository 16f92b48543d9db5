import type { VenueRow } from '../../venues/venue';

/** The one shape of a replayed venue: a value that answers requests and sockets from the replay's time alone. */

export interface RestRequest {
  query: URLSearchParams;
  /** Decoded JSON of a POST, otherwise undefined. */
  body: unknown;
  /** The venue's own time. */
  now: number;
}

export interface Route {
  /** Which budget a request is charged to, and how much. */
  pool: string;
  weight?(request: RestRequest): number;
  /** Separates budgets within a pool, for venues that count per instrument. */
  key?(request: RestRequest): string;
  /** What the answer weighs on top, known only once it is made. */
  extra?(answer: unknown): number;
  answer(request: RestRequest): unknown;
}

/** A budget as the venue publishes it: `limit` units in every window of `perMs`. */
export interface RestPool {
  limit: number;
  perMs: number;
  /** The address is shut out for `forMs` when it has been refused this often within one window. */
  ban?: { afterRefusals: number; forMs: number };
}

/** An answer other than 200, in the venue's own words. */
export class RequestRefusal extends Error {
  constructor(
    readonly status: number,
    readonly body: unknown,
    readonly headers: Record<string, string> = {},
  ) {
    super(`HTTP ${status}`);
  }
}

/** What a subscription sends: everything that happened in (from, to], and the newest state once if it changed. */
export type Stream = (from: number, to: number) => unknown[];

/** One socket connection, seen from the venue. */
export interface SocketSession {
  /** Answers to one text of the client. */
  receive(text: string, now: number): string[];
  /** Texts that belong to (from, to]. */
  send(from: number, to: number): string[];
  /** Cut the connection when the client has sent nothing (not even a protocol pong, where `pingMs` is set) for so long. */
  idleMs: number;
  /** Send a protocol ping this often. */
  pingMs?: number;
}

export interface ReplayVenue {
  id: string;
  /** Host names, REST and sockets. */
  hosts: string[];
  pools: Record<string, RestPool>;
  /** Finds what answers a path; `undefined` is a 404. */
  route(method: string, path: string, body: unknown): Route | undefined;
  /** The venue's 404. */
  unknown(path: string): RequestRefusal;
  /** The venue's answer over its limit. */
  limited(pool: string, retryAfterMs: number): RequestRefusal;
  /** The venue's answer to an address that is shut out; only where a pool bans. */
  banned?(retryAfterMs: number): RequestRefusal;
  /** Headers of every answer, given what the request's pool has used in its window. */
  headers(used: { pool: string; weight: number }): Record<string, string>;
  /** Whether a browser page of another origin may read the answer. */
  allowsAnyOrigin(path: string): boolean;
  /** Opens a socket at a path; `undefined` is a 404. */
  connect(path: string, query: URLSearchParams): SocketSession | undefined;
}

/** A query value as a number, `undefined` when absent or not a number. */
export function queryNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** Every host of a venue, asked, connected to or of its website; without ports. */
export function hostsOf(row: VenueRow, ...others: string[]): string[] {
  const {
    rest,
    restFallbacks,
    regions,
    socket,
    socketFallbacks = [],
    socketRegions = {},
    website,
    accountsHost,
  } = row;
  const all = [rest, ...restFallbacks, ...Object.values(regions), socket, ...socketFallbacks];
  const hosts = [
    ...all,
    ...Object.values(socketRegions),
    ...(website ? [website] : []),
    ...(accountsHost ? [accountsHost] : []),
    ...others,
  ];
  return [...new Set(hosts.map((host) => host.replace(/:\d+$/, '')))];
}
