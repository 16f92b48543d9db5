import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Evaluation, evaluate, type PooledLevels, poolLevels } from '../engine/evaluation/evaluate';
import { shareInDensestTenth } from '../engine/evaluation/observed';
import type { EvaluationSet } from '../engine/evaluation/pool';
import { densityAt, largeAccounts } from '../engine/map/large-accounts';
import { buildMap, mapReach } from '../engine/map/map';
import { dayMs, hourMs, minuteMs } from '../engine/time';
import { pictureOf } from './accuracy-picture';
import { asMarkdown, asText, type ObservedCheck } from './accuracy-text';
import { type AccountPosition, BadFile, observedPositions, readSet, setsIn, standardSets } from './recorded';

const usage = `npm run evaluate -- [options]

How well the estimate knows what is really force-closed: fitted on the first half of each set, scored on the second.
The map as it stood when an hour began, its levels, and a nowcast that may use the hour's own bars.

  --json                print {"sets":[…],"pooled":{…}} instead of a table
  --bars FILE           bars as CSV: time,open,high,low,close,volume,open_interest[,open_interest_close]
  --liquidations FILE   CSV with long_liquidated,short_liquidated (coins) or long_usd,short_usd;
                        not needed where the bars file has them
  --bucket 1h           compare amounts per 30m, 1h, 4h …            (default 1h)
  --warmup 7d           bars at the start that are not scored        (default 7d)
  --name NAME           what a set is called                         (default: its file)
                        Repeat --bars for several sets; the n-th of the others belongs to the n-th of them (a dash for
                        none), and a single --bucket or --warmup to all.
  --data FOLDER         every set of a folder laid out as ../shared/data; may be repeated, and given beside --bars
  --png FILE            picture of predicted against actual
  --write-docs          write docs/accuracy.md and docs/accuracy.png

Without --bars and --data: the hourly ETH and SOL sets that ship, and the sets of ../shared/data where it exists.`;

/** A repeatable stream of uniform numbers (mulberry32), so that two runs print the same intervals. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function parseDuration(text: string, option: string): number {
  const match = /^(\d+(?:\.\d+)?)(m|h|d)$/.exec(text);
  const ms = match ? Number(match[1]) * { m: minuteMs, h: hourMs, d: dayMs }[match[2] as 'm' | 'h' | 'd'] : 0;
  if (!(ms > 0)) throw new BadFile(`--${option} ${text}: a duration like 30m, 1h or 7d is needed`);
  return ms;
}

/**
 * Real liquidation prices against the map's densest tenth. The positions are of February 2026 and the newest bars of
 * December 2025, so this tells whether the typical shape is right, not whether single bands are.
 */
function checkObserved(): ObservedCheck[] {
  const observed = observedPositions();
  // Of half of the accounts, those of the other half are told where they usually are.
  const isEven = ({ account }: AccountPosition) => Number.parseInt(account.slice(-1), 16) % 2 === 0;
  const everything = observed.flatMap(({ positions }) => positions);
  const folds = [true, false].map((even) => ({
    tested: (position: AccountPosition) => isEven(position) === even,
    others: largeAccounts(
      everything.filter((position) => isEven(position) !== even),
      0,
    ),
  }));
  return observed.flatMap(({ coin, bars, positions }) => {
    const mark = bars.close[bars.length - 1]!;
    const openInterest = bars.openInterestClose[bars.length - 1]!;
    const venue = { venue: 'binance', bars, mark, openInterest, maxLeverage: 125 };
    const map = buildMap([venue], { window: '30d', step: 0.0025, price: mark });
    const middle = (Math.log(mark) - map.lnLow) / map.step;
    const both = map.long.map((usd, i) => usd + map.short[i]!);
    const nearest = both.map((_, i) => -Math.abs(i + 0.5 - middle));
    const othersAt = (reach: number) => {
      const parts = folds.map(({ tested, others }) => {
        const density = both.map((_, i) => densityAt(others, (i + 0.5 - middle) * map.step));
        const own = positions.filter(tested);
        const usd = own.reduce((sum, one) => sum + (Math.abs(one.distance) < reach ? one.usd : 0), 0);
        return { usd, share: shareInDensestTenth(map, density, own, reach).share };
      });
      const usd = parts.reduce((sum, part) => sum + part.usd, 0);
      return usd > 0 ? parts.reduce((sum, part) => sum + part.share * part.usd, 0) / usd : 0;
    };
    return [mapReach, 0.1].map((reach) => ({
      coin,
      reach,
      ...shareInDensestTenth(map, both, positions, reach),
      distanceOnly: shareInDensestTenth(map, nearest, positions, reach).share,
      otherAccounts: othersAt(reach),
    }));
  });
}

/** Options of the n-th set; the last of the lists that apply to all. */
function readSets(values: {
  bars?: string[];
  liquidations?: string[];
  name?: string[];
  data?: string[];
  bucket: string[];
  warmup: string[];
}): EvaluationSet[] {
  const { bars = [], liquidations = [], name = [], data = [], bucket, warmup } = values;
  if (bars.length === 0 && liquidations.length > 0) throw new BadFile('--liquidations needs --bars');
  for (const [option, given] of Object.entries({ liquidations, name })) {
    if (given.length > bars.length)
      throw new BadFile(`--${option}: ${given.length} for ${bars.length} --bars`);
  }
  for (const [option, given] of Object.entries({ bucket, warmup })) {
    if (given.length > 1 && given.length !== Math.max(1, bars.length))
      throw new BadFile(`--${option}: one for all --bars, or one each`);
  }
  if (bars.length === 0 && data.length === 0) return standardSets();
  const named = bars.map((file, k) =>
    readSet({
      name: name[k],
      bars: file,
      liquidations: liquidations[k] === '-' ? undefined : liquidations[k],
      bucketMs: parseDuration(bucket[k] ?? bucket[0]!, 'bucket'),
      warmupMs: parseDuration(warmup[k] ?? warmup[0]!, 'warmup'),
    }),
  );
  return [...named, ...data.flatMap(setsIn)];
}

/** Everything but the single points and passages, which only the picture and the pooled figures need. */
function asJson(sets: Evaluation[], pooled: PooledLevels): string {
  return JSON.stringify({ sets, pooled }, (key, value: unknown) =>
    key === 'points' || key === 'passages' ? undefined : value,
  );
}

function run(): void {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      bars: { type: 'string', multiple: true },
      data: { type: 'string', multiple: true },
      liquidations: { type: 'string', multiple: true },
      name: { type: 'string', multiple: true },
      bucket: { type: 'string', multiple: true, default: ['1h'] },
      warmup: { type: 'string', multiple: true, default: ['7d'] },
      png: { type: 'string' },
      'write-docs': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const results = readSets(values).map((set) => evaluate(set, seeded(1)));
  const pooled = poolLevels(results, seeded(1));
  const checks = values.bars || values.data ? [] : checkObserved();

  if (values.png) writeFileSync(values.png, pictureOf(results));
  if (values['write-docs']) {
    const docs = resolve(import.meta.dirname, '../../docs');
    writeFileSync(join(docs, 'accuracy.png'), pictureOf(results));
    writeFileSync(join(docs, 'accuracy.md'), asMarkdown(results, pooled, checks));
  }
  console.log(values.json ? asJson(results, pooled) : asText(results, pooled, checks));
}

try {
  run();
} catch (error) {
  // Wrong files and options end with one sentence; anything else is a defect and keeps its stack.
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const expected =
    error instanceof BadFile || error instanceof RangeError || code.startsWith('ERR_PARSE_ARGS');
  if (!expected) throw error;
  console.error((error as Error).message);
  process.exitCode = 1;
}
