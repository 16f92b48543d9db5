import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import WebSocket from 'ws';
import { hostFamilies, venueFeeds } from '../feeds';
import { Hosts } from '../feeds/net/hosts';
import { createTransport } from '../feeds/net/http';
import { systemClock } from '../feeds/net/pacing';
import type { SocketOptions } from '../feeds/net/socket';
import { selfTest } from '../feeds/self-test';
import { reportText, type VenueReport } from '../feeds/self-test/report';
import { createReplay, type Fault, replayFetch, replayWebSocket, showcase } from '../tools/replay';

export interface DoctorOptions {
  /** Ask the exchange that is built in, instead of the venues. */
  replay: boolean;
  /** A file of faults for it, as of `npm run replay -- --help`. */
  faults?: string | undefined;
  symbol?: string | undefined;
}

/** The exchange that is built in computes its answers in this very process, all five venues' at once. */
const builtInAnswerMs = 30_000;

/** Tries everything that is asked of the venues, from this machine; at most a minute. */
export async function examine({ replay, faults, symbol }: DoctorOptions): Promise<VenueReport[]> {
  // One signal ends all requests of the test.
  EventEmitter.defaultMaxListeners = 100;
  const exchange = replay ? await createReplay({ startAt: showcase, faults: readFaults(faults) }) : undefined;
  try {
    const hosts = new Hosts(hostFamilies, { clock: systemClock });
    const world = { clock: systemClock, random: Math.random, hosts };
    return await selfTest({
      ...world,
      venues: venueFeeds,
      transport: createTransport({ ...world, fetch: exchange ? replayFetch(exchange.port) : fetch }),
      WebSocket: exchange
        ? replayWebSocket(exchange.port)
        : (WebSocket as unknown as SocketOptions['WebSocket']),
      ...(symbol && { symbol }),
      ...(exchange && { answerMs: builtInAnswerMs }),
    });
  } finally {
    await exchange?.close();
  }
}

function readFaults(path: string | undefined): Fault[] {
  return path === undefined ? [] : (JSON.parse(readFileSync(path, 'utf8')) as Fault[]);
}

/** What `liqbands doctor` prints, and whether all was well. */
export async function doctor(
  options: DoctorOptions,
  json: boolean,
): Promise<{ text: string; isWell: boolean }> {
  const reports = await examine(options);
  return {
    text: json ? JSON.stringify({ doctor: { venues: reports } }) : reportText(reports),
    isWell: reports.every(({ checks }) => checks.every(({ ok }) => ok)),
  };
}
