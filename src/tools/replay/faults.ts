import { venueIds } from '../../venues';
import { seeded } from './random';

/** What can be made to go wrong, on demand. */

const kinds = {
  latency: {
    takes: ['ms', 'jitterMs'],
    does: 'answers, and socket messages, come ms late, answers give or take jitterMs',
  },
  status: {
    takes: ['status', 'retryAfter'],
    does: 'an HTTP status, 400-599, also instead of a socket’s handshake; 429 and 418 in the venue’s words; Retry-After: retryAfter seconds (1 with 429 and 418)',
  },
  hang: { takes: [], does: 'no answer at all, and no handshake' },
  half: {
    takes: [],
    does: 'the connection ends in the middle of the answer; of a socket message only the first half comes',
  },
  html: { takes: [], does: 'a web page instead of JSON' },
  nothing: { takes: [], does: 'an empty body' },
  nan: { takes: [], does: 'numbers written as text become NaN' },
  empty: { takes: [], does: 'numbers written as text become empty strings' },
  reorder: { takes: [], does: 'rows, or socket messages, in the wrong order' },
  duplicate: { takes: [], does: 'rows, or socket messages, twice' },
  gap: { takes: [], does: 'the middle third of the rows is missing; every third socket message too' },
  skew: { takes: ['ms'], does: 'the venue’s clock is ms ahead, or behind where ms is negative' },
  odd: {
    takes: ['as'],
    does: 'one row of each list is damaged: as nan, null, zero, missing (cells) or tick (close a tick above high); default nan',
  },
  shape: { takes: [], does: 'the fields of each row have other names' },
  redirect: { takes: ['to'], does: 'sent on (307) to another host' },
  large: { takes: ['bytes'], does: 'an answer of so many bytes' },
  endless: { takes: [], does: 'an answer that goes on for ever, a space a second' },
  mute: { takes: ['text'], does: 'socket messages that contain a text, such as forceOrder, do not come' },
  silent: { takes: [], does: 'sockets open and acknowledge, and then say nothing' },
  close: { takes: ['everyMs'], does: 'sockets are cut every everyMs' },
  delist: { takes: ['coin'], does: 'the venue no longer lists coin' },
} as const;

export type FaultKind = keyof typeof kinds;
export const faultKinds = Object.keys(kinds) as FaultKind[];

/** How a script of faults is written, for `npm run replay -- --help`. */
export const faultHelp = `A file of faults is JSON, a list of them, for example
  [{ "kind": "status", "status": 429, "retryAfter": 5, "venue": "binance", "path": "/klines", "times": 3 },
   { "kind": "close", "everyMs": 60000, "venue": "okx", "afterMs": 10000, "forMs": 600000 }]
Each has a kind and what that takes:
${Object.entries(kinds)
  .map(([kind, { takes, does }]) => `  ${[kind, ...takes].join(' ').padEnd(25)} ${does}`)
  .join('\n')}
and may be kept to
  venue                     ${venueIds.join(', ')} or sentiment
  path                      part of the host and path of a request or of a socket's address
  afterMs, forMs            a time, counted from when the faults were set
  share                     a share of requests or messages, 0-1
  times                     a number of requests or messages
They are replaced while running by POST /__replay/faults with another list.`;

export interface Fault {
  kind: FaultKind;
  /** Absent: every venue. */
  venue?: string;
  /** Part of the host and path of a request or of a socket's address. Absent: every one. */
  path?: string;
  /** Active from so long after it was set, for so long. */
  afterMs?: number;
  forMs?: number;
  /** Share of requests or messages it strikes, 0–1. Absent: all. */
  share?: number;
  /** How often it strikes before it is spent. */
  times?: number;
  ms?: number;
  jitterMs?: number;
  status?: number;
  retryAfter?: number;
  everyMs?: number;
  coin?: string;
  as?: string;
  to?: string;
  bytes?: number;
  /** Part of a socket message, such as the name of its stream. */
  text?: string;
}

const needed: Partial<Record<FaultKind, keyof Fault>> = {
  latency: 'ms',
  status: 'status',
  skew: 'ms',
  close: 'everyMs',
  delist: 'coin',
  redirect: 'to',
  large: 'bytes',
  mute: 'text',
};

const common = ['kind', 'venue', 'path', 'afterMs', 'forMs', 'share', 'times'];
const texts = ['kind', 'venue', 'path', 'coin', 'as', 'to', 'text'];

/**
 * Checks a list of faults as read from JSON: `[…]` or `{"faults": […]}`.
 *
 * @throws Error naming the entry and what is wrong with it.
 */
export function parseFaults(json: unknown): Fault[] {
  const list =
    typeof json === 'object' && json !== null && 'faults' in json
      ? (json as { faults: unknown }).faults
      : json;
  if (!Array.isArray(list)) throw new Error('faults: expected an array, or an object with an array "faults"');
  return list.map((entry: unknown, i) => {
    const where = `faults[${i}]`;
    if (typeof entry !== 'object' || entry === null) throw new Error(`${where}: expected an object`);
    const fault = entry as Record<string, unknown>;
    const kind = fault.kind;
    if (typeof kind !== 'string' || !Object.hasOwn(kinds, kind)) {
      throw new Error(
        `${where}.kind: expected one of ${Object.keys(kinds).join(', ')}, got ${JSON.stringify(kind)}`,
      );
    }
    const allowed: readonly string[] = [...common, ...kinds[kind as FaultKind].takes];
    for (const [name, value] of Object.entries(fault)) {
      if (!allowed.includes(name))
        throw new Error(`${where}.${name}: not known to "${kind}" (${allowed.join(', ')})`);
      const fits = texts.includes(name)
        ? typeof value === 'string'
        : typeof value === 'number' && Number.isFinite(value) && (name === 'ms' || value >= 0);
      if (!fits) throw new Error(`${where}.${name}: ${JSON.stringify(value)} is not what it takes`);
    }
    const need = needed[kind as FaultKind];
    if (fault.as !== undefined && !['nan', 'null', 'zero', 'missing', 'tick'].includes(fault.as as string))
      throw new Error(`${where}.as: expected nan, null, zero, missing or tick`);
    if (need && fault[need] === undefined) throw new Error(`${where}: "${kind}" needs "${need}"`);
    if (typeof fault.status === 'number' && !(fault.status >= 400 && fault.status <= 599)) {
      throw new Error(`${where}.status: expected 400–599, got ${fault.status}`);
    }
    return fault as unknown as Fault;
  });
}

/** The faults in force, with the time they were set. */
export class FaultBox {
  #faults: { fault: Fault; left: number }[] = [];
  #since = 0;
  #drawn = 0;

  constructor(private readonly wall: () => number) {}

  set(faults: Fault[]): void {
    this.#since = this.wall();
    this.#faults = faults.map((fault) => ({ fault, left: fault.times ?? Number.POSITIVE_INFINITY }));
  }

  list(): Fault[] {
    return this.#faults.map(({ fault }) => fault);
  }

  /** Every fault of a kind that holds for a venue and path now, without using it up. */
  active(kind: FaultKind, venue: string, path = ''): Fault[] {
    const passed = this.wall() - this.#since;
    return this.#faults
      .filter(
        ({ fault, left }) =>
          fault.kind === kind &&
          left > 0 &&
          (fault.venue === undefined || fault.venue === venue) &&
          (fault.path === undefined || path.includes(fault.path)) &&
          passed >= (fault.afterMs ?? 0) &&
          passed < (fault.afterMs ?? 0) + (fault.forMs ?? Number.POSITIVE_INFINITY),
      )
      .map(({ fault }) => fault);
  }

  /** The first fault of a kind that strikes now; counts it, and draws lots where it has a share. */
  strike(kind: FaultKind, venue: string, path = ''): Fault | undefined {
    for (const fault of this.active(kind, venue, path)) {
      if (fault.share !== undefined && seeded('fault', this.#drawn++) >= fault.share) continue;
      this.#faults.find((entry) => entry.fault === fault)!.left--;
      return fault;
    }
    return undefined;
  }

  skew(venue: string): number {
    return this.active('skew', venue).reduce((sum, { ms }) => sum + ms!, 0);
  }
}

/** The longest array of rows anywhere in an answer. */
function rowsOf(json: unknown): unknown[] | undefined {
  if (Array.isArray(json) && !json.every((cell) => typeof cell === 'string' || typeof cell === 'number')) {
    const inner = json.map(rowsOf).reduce((a, b) => ((b?.length ?? 0) > (a?.length ?? 0) ? b : a), undefined);
    return (inner?.length ?? 0) > json.length ? inner : json;
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined;
  return Object.values(json)
    .map(rowsOf)
    .reduce((a, b) => ((b?.length ?? 0) > (a?.length ?? 0) ? b : a), undefined);
}

/** Every text that holds a number replaced. */
function replaceNumbers(json: unknown, by: string): unknown {
  if (typeof json === 'string') return json !== '' && Number.isFinite(Number(json)) ? by : json;
  if (Array.isArray(json)) return json.map((cell) => replaceNumbers(cell, by));
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, replaceNumbers(value, by)]));
}

const oddities: Record<string, (cell: unknown) => unknown> = {
  nan: () => 'NaN',
  null: () => null,
  zero: (cell) => (typeof cell === 'string' ? '0' : 0),
};

/** A row of numbers spoiled, or one of which half the cells are gone. */
function oddRow(row: unknown, as: string): unknown {
  const spoil = oddities[as];
  const isNumber = (cell: unknown) =>
    cell !== '' && Number.isFinite(Number(cell)) && typeof cell !== 'boolean';
  if (Array.isArray(row)) {
    if (as === 'missing') return row.slice(0, row.length >> 1);
    // time, open, high, low, close: the order of every venue's candles
    if (as === 'tick') return row.map((cell, i) => (i === 4 ? String(Number(row[2]) * 1.0001) : cell));
    return row.map((cell, i) => (i > 0 && isNumber(cell) ? spoil!(cell) : cell));
  }
  if (typeof row !== 'object' || row === null) return row;
  const cells = Object.entries(row);
  if (as === 'missing') return Object.fromEntries(cells.slice(0, cells.length >> 1));
  if (as === 'tick') return 'h' in row && 'c' in row ? { ...row, c: String(Number(row.h) * 1.0001) } : row;
  return Object.fromEntries(cells.map(([name, cell]) => [name, isNumber(cell) ? spoil!(cell) : cell]));
}

/** Every field of the objects below a list under another name. */
function renamed(json: unknown, isRow = false): unknown {
  if (Array.isArray(json)) {
    const isCells = json.every((cell) => typeof cell !== 'object' || cell === null);
    return isCells ? [{ cells: json }] : json.map((row) => renamed(row, true));
  }
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(
    Object.entries(json).map(([name, value]) => [isRow ? `new_${name}` : name, renamed(value, isRow)]),
  );
}

/** An answer with the damage of a fault done to it. */
export function damage(kind: FaultKind, json: unknown, { as = 'nan' }: Pick<Fault, 'as'> = {}): unknown {
  if (kind === 'shape') return renamed(json);
  if (kind === 'nan') return replaceNumbers(json, 'NaN');
  if (kind === 'empty') return replaceNumbers(json, '');
  const copy = structuredClone(json);
  const rows = rowsOf(copy);
  if (!rows) return copy;
  if (kind === 'odd') rows.splice(rows.length >> 1, 1, oddRow(rows[rows.length >> 1], as));
  if (kind === 'reorder') rows.sort((a, b) => seeded(JSON.stringify(a)) - seeded(JSON.stringify(b)));
  if (kind === 'duplicate')
    rows.splice(0, rows.length, ...rows.flatMap((row, i) => (i % 3 ? [row] : [row, row])));
  if (kind === 'gap') rows.splice(Math.floor(rows.length / 3), Math.ceil(rows.length / 3));
  return copy;
}
