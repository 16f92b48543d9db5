import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type WindowId, windowMs } from '../engine/records';
import { fullDepth, type MarketRequest, readMarket } from '../estimate/read-market';
import { t } from '../ui/text';
import { marketNamed } from '../venues/symbols';

const windows = Object.keys(windowMs) as WindowId[];

/**
 * Reads one market from all venues and writes it as `folder/<symbol>.json`, the symbol as it was given. The file is
 * replaced in one step, so that a page never loads half of it. Returns its path.
 *
 * @param now ms since 1970
 * @throws Error when the symbol is none or no venue answered; the message says why for each. The old file stays.
 */
export async function writeSnapshot(
  symbol: string,
  folder: string,
  { venues, transport, now }: Pick<MarketRequest, 'venues' | 'transport' | 'now'>,
): Promise<string> {
  const canonical = marketNamed(symbol)?.symbol;
  if (!canonical) throw new Error(`${JSON.stringify(symbol)} names no market: write ETH or ETH-USDT`);
  const snapshot = await readMarket({
    symbol: canonical,
    windows,
    venues,
    transport,
    now,
    say: t,
    depth: fullDepth,
  });
  if (Object.keys(snapshot.windows).length === 0) {
    throw new Error(
      [`No exchange answered for ${canonical}`, ...snapshot.health.map(({ reason }) => reason)].join('\n'),
    );
  }
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
