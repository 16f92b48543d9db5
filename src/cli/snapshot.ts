import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type WindowId, windowIds } from '../engine/records';
import { minuteMs } from '../engine/time';
import { fullReach, type MarketRequest, readMarket } from '../estimate/read-market';
import { fits } from '../protocol/form';
import { Snapshot } from '../protocol/snapshot';
import type { Language } from '../ui/languages';
import { t } from '../ui/text';
import { marketNamed } from '../venues/symbols';
import { altText, poster } from './poster';

/** The window that pictures show, and that comes with what its map said before. */
const shownWindow: WindowId = '24h';

export type Asked = Pick<MarketRequest, 'venues' | 'transport' | 'now'>;

/**
 * One market as all these venues show it now.
 *
 * @throws Error when the symbol is none or no venue answered; the message says why for each
 */
export async function marketOf(
  symbol: string,
  { venues, transport, now }: Asked,
  of: readonly WindowId[] = windowIds,
  heatmaps: readonly WindowId[] = [],
): Promise<Snapshot> {
  const canonical = marketNamed(symbol)?.symbol;
  if (!canonical) throw new Error(`${JSON.stringify(symbol)} names no market: write ETH or ETH-USDT`);
  const request = {
    symbol: canonical,
    windows: of,
    venues,
    transport,
    now,
    say: t,
    reach: fullReach,
    heatmaps,
  };
  const snapshot = await readMarket(request);
  if (Object.keys(snapshot.windows).length === 0) {
    throw new Error(
      [`No exchange answered for ${canonical}`, ...snapshot.health.map(({ reason }) => reason)].join('\n'),
    );
  }
  return snapshot;
}

/** A name that stays in the folder it is given for, on every system. */
const fileName = /^[\p{L}\p{N}_-]+$/u;

/** A file whose venues all answered is kept this long when one of them does not, ms: most troubles pass sooner. */
const keptMs = 15 * minuteMs;

export interface SnapshotOptions {
  /** Languages of the pictures beside it: the first by the symbol's name alone, `ETH.png`, the others as `ETH.ja.png`. */
  posters?: readonly Language[];
}

/**
 * Reads one market and writes it as `folder/<symbol>.json`, the symbol as it was given, with pictures of it and their
 * words beside it. Each file is replaced in one step, so that a page never loads half of it. Returns its path.
 *
 * @throws Error as `marketOf`, for a symbol that is no name of a file, where a venue of the last quarter of an hour is
 * missing, and where no picture can be drawn. The files before stay; only in the last case the snapshot is new.
 */
export async function writeSnapshot(
  symbol: string,
  folder: string,
  asked: Asked,
  { posters = [] }: SnapshotOptions = {},
): Promise<string> {
  if (!fileName.test(symbol)) {
    throw new Error(
      `${JSON.stringify(symbol)} names no market that a file can be named after: write ETH or ETH-USDT`,
    );
  }
  const snapshot = await marketOf(symbol, asked, windowIds, [shownWindow]);
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${symbol}.json`);
  const missing = missingSince(await lastSnapshot(path), snapshot);
  if (missing.length > 0) throw new Error([`${path} is kept as it was`, ...missing].join('\n'));
  await replaceFile(path, JSON.stringify(snapshot));
  for (const [k, language] of posters.entries())
    await writePictures(snapshot, join(folder, k === 0 ? symbol : `${symbol}.${language.tag}`), language);
  return path;
}

async function lastSnapshot(path: string): Promise<Snapshot | undefined> {
  try {
    const last: unknown = JSON.parse(await readFile(path, 'utf8'));
    return fits(Snapshot, last) ? last : undefined;
  } catch {
    return undefined;
  }
}

/** Why venues that the last file has, which is still good, are not in the new one. */
function missingSince(last: Snapshot | undefined, { time, health }: Snapshot): string[] {
  if (!last || time - last.time >= keptMs || time < last.time) return [];
  const had = new Set(last.health.filter(({ state }) => state === 'ok').map(({ venue }) => venue));
  return health
    .filter(({ venue, state }) => state !== 'ok' && had.has(venue))
    .map(({ venue, reason }) => reason || venue);
}

async function writePictures(snapshot: Snapshot, path: string, language: Language): Promise<void> {
  const window = snapshot.windows[shownWindow];
  if (!window) return;
  await replaceFile(`${path}.txt`, `${altText(snapshot, window, language)}\n`);
  for (const [scheme, ending] of [
    ['light', ''],
    ['dark', '-dark'],
  ] as const) {
    const { png, svg } = await poster(snapshot, window, scheme, language);
    await replaceFile(`${path}${ending}.png`, png);
    await replaceFile(`${path}${ending}.svg`, svg);
  }
}

/** Writes a file in one step: who reads it has the old one or the new one. */
async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const unfinished = `${path}.${process.pid}.part`;
  try {
    await writeFile(unfinished, content);
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
