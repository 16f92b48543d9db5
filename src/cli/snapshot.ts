import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type WindowId, windowMs } from '../engine/records';
import { fullDepth, type MarketRequest, readMarket } from '../estimate/read-market';
import type { Snapshot } from '../protocol/snapshot';
import { t } from '../ui/text';
import { marketNamed } from '../venues/symbols';

const windows = Object.keys(windowMs) as WindowId[];

/** The window that comes with what its map said before. */
const heatmapWindow: WindowId = '24h';

type Asked = Pick<MarketRequest, 'venues' | 'transport' | 'now'>;

/**
 * One market as all these venues show it now.
 *
 * @throws Error when the symbol is none or no venue answered; the message says why for each
 */
export async function marketOf(
  symbol: string,
  { venues, transport, now }: Asked,
  of: readonly WindowId[] = windows,
): Promise<Snapshot> {
  const canonical = marketNamed(symbol)?.symbol;
  if (!canonical) throw new Error(`${JSON.stringify(symbol)} names no market: write ETH or ETH-USDT`);
  const heatmaps = [heatmapWindow];
  const request = {
    symbol: canonical,
    windows: of,
    heatmaps,
    venues,
    transport,
    now,
    say: t,
    depth: fullDepth,
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

/**
 * Reads one market and writes it as `folder/<symbol>.json`, the symbol as it was given. The file is replaced in one step, so
 * that a page never loads half of it. Returns its path.
 *
 * @throws Error as `marketOf`, and for a symbol that is no name of a file. The old file stays.
 */
export async function writeSnapshot(symbol: string, folder: string, asked: Asked): Promise<string> {
  if (!fileName.test(symbol)) {
    throw new Error(
      `${JSON.stringify(symbol)} names no market that a file can be named after: write ETH or ETH-USDT`,
    );
  }
  const snapshot = await marketOf(symbol, asked);
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${symbol}.json`);
  const unfinished = `${path}.${process.pid}.part`;
  try {
    await writeFile(unfinished, JSON.stringify(snapshot));
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  return path;
}
