import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Evaluation, evaluate, type Score } from '../engine/evaluation/evaluate';
import { shareInDensestTenth } from '../engine/evaluation/observed';
import { buildMap, mapReach } from '../engine/map/map';
import { pictureOf } from './accuracy-picture';
import { BadFile, observedPositions, readSet, standardSets } from './recorded';

const usage = `npm run evaluate -- [options]

How well the estimate knows what is really force-closed: fitted on the first half of each set, scored on the second.

  --json                print {"sets":[…]} instead of a table
  --bars FILE           bars as CSV: time,open,high,low,close,volume,open_interest[,open_interest_close]
  --liquidations FILE   CSV with long_liquidated,short_liquidated (coins) or long_usd,short_usd;
                        not needed where the bars file has them
  --bucket 1h           compare amounts per 30m, 1h, 4h …            (default 1h)
  --warmup 7d           bars at the start that are not scored        (default 7d)
  --png FILE            picture of predicted against actual
  --write-docs          write docs/accuracy.md and docs/accuracy.png

Without --bars: the hourly ETH and SOL sets that ship, and the sets of ../shared/data where it exists.`;

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
  const ms = match
    ? Number(match[1]) * { m: 60_000, h: 3_600_000, d: 86_400_000 }[match[2] as 'm' | 'h' | 'd']
    : 0;
  if (!(ms > 0)) throw new BadFile(`--${option} ${text}: a duration like 30m, 1h or 7d is needed`);
  return ms;
}

const names: Record<string, string> = {
  move: 'size of the move',
  territory: 'new territory',
  openInterestOnly: 'rises of open interest only',
  uniform: 'uniform density',
  onePercentHigher: 'placebo: bands 1 % higher',
  onePercentLower: 'placebo: bands 1 % lower',
  sidesSwapped: 'placebo: sides swapped',
};

function scoreRows(result: Evaluation): [string, Score][] {
  const others = { ...result.baselines, ...result.placebos };
  return [
    ['model', result],
    ...Object.entries(others).map(([key, score]): [string, Score] => [names[key]!, score]),
  ];
}

function asText(result: Evaluation): string {
  const { intervals, coverage } = result;
  const range = ([low, high]: [number, number]) => `${low.toFixed(2)}–${high.toFixed(2)}`;
  const rows = scoreRows(result).map(
    ([name, { rho, deviance, total }]) =>
      `  ${name.padEnd(30)}${rho.toFixed(3).padStart(7)}${deviance.toFixed(3).padStart(10)}${total.toFixed(2).padStart(8)}`,
  );
  return [
    `${result.name}: ${result.n} points scored`,
    `  ${''.padEnd(30)}${'rho'.padStart(7)}${'deviance'.padStart(10)}${'total'.padStart(8)}`,
    ...rows,
    `  95 %: rho ${range(intervals.rho)}, deviance ${range(intervals.deviance)}, total ${range(intervals.total)}`,
    `  lift ${result.lift.toFixed(1)}, q ${(result.q * 100).toFixed(2)} %, ` +
      `80 % interval held ${(coverage.share * 100).toFixed(0)} % of ${coverage.n} points`,
  ].join('\n');
}

/** Everything but the single points, which only the picture needs. */
function asJson(results: Evaluation[]): string {
  return JSON.stringify({ sets: results }, (key, value: unknown) => (key === 'points' ? undefined : value));
}

interface ObservedCheck {
  coin: string;
  /** How far from price positions count, as a fraction of it. */
  reach: number;
  positions: number;
  share: number;
  distanceOnly: number;
}

/**
 * Real liquidation prices against the map's densest tenth. The positions are of February 2026 and the newest bars of
 * December 2025, so this tells whether the typical shape is right, not whether single bands are.
 */
function checkObserved(): ObservedCheck[] {
  return observedPositions().flatMap(({ coin, bars, positions }) => {
    const mark = bars.close[bars.length - 1]!;
    const openInterest = bars.openInterestClose[bars.length - 1]!;
    const venue = { venue: 'binance', bars, mark, openInterest, maxLeverage: 125 };
    const map = buildMap([venue], { window: '30d', step: 0.0025, price: mark });
    const middle = (Math.log(mark) - map.lnLow) / map.step;
    const both = map.long.map((usd, i) => usd + map.short[i]!);
    const nearest = both.map((_, i) => -Math.abs(i + 0.5 - middle));
    return [mapReach, 0.1].map((reach) => ({
      coin,
      reach,
      ...shareInDensestTenth(map, both, positions, reach),
      distanceOnly: shareInDensestTenth(map, nearest, positions, reach).share,
    }));
  });
}

function observedText(checks: ObservedCheck[]): string[] {
  if (checks.length === 0) return [];
  return [
    'Observed Hyperliquid positions in the densest tenth of the map (uniform 10 %, the tenth nearest to price beside it):',
    ...checks.map(
      ({ coin, reach, positions, share, distanceOnly }) =>
        `  ${coin} within ±${reach * 100} %: ${(share * 100).toFixed(0)} % of ${positions} positions by USD; nearest tenth ${(distanceOnly * 100).toFixed(0)} %`,
    ),
  ];
}

function asMarkdown(results: Evaluation[], checks: ObservedCheck[]): string {
  const range = ([low, high]: [number, number]) => `${low.toFixed(2)} to ${high.toFixed(2)}`;
  const sections = results.map((result) => {
    const rows = scoreRows(result).map(
      ([name, { rho, deviance, total }]) =>
        `| ${name} | ${rho.toFixed(3)} | ${deviance.toFixed(3)} | ${total.toFixed(2)} |`,
    );
    return [
      `## ${result.name}`,
      '',
      `${result.n} points scored. Lift ${result.lift.toFixed(1)}; q ${(result.q * 100).toFixed(2)} %.`,
      `95 % intervals from resampling whole days: ρ ${range(result.intervals.rho)}, deviance ${range(result.intervals.deviance)}, total ${range(result.intervals.total)}.`,
      `The 80 % interval of the amount held ${(result.coverage.share * 100).toFixed(0)} % of ${result.coverage.n} points.`,
      '',
      '| | ρ | deviance explained | predicted ÷ actual |',
      '|---|---|---|---|',
      ...rows,
    ].join('\n');
  });
  const observed =
    checks.length === 0
      ? []
      : [
          '## Observed positions',
          '',
          'Share of real Hyperliquid liquidation prices (by USD, large accounts, February 2026) that falls in the',
          'densest tenth of a map built from Binance bars up to the end of December 2025. The months differ, so this',
          'tests the typical shape, not single bands; large accounts hold lower leverage than the flow that is liquidated.',
          '',
          '| | positions | densest tenth | tenth nearest to price | uniform |',
          '|---|---|---|---|---|',
          ...checks.map(
            ({ coin, reach, positions, share, distanceOnly }) =>
              `| ${coin} within ±${reach * 100} % | ${positions} | ${(share * 100).toFixed(0)} % | ${(distanceOnly * 100).toFixed(0)} % | 10 % |`,
          ),
        ];
  return `${[
    '# How well the estimate does',
    '',
    'Written by `npm run evaluate -- --write-docs`. Task: given the price path, how much is force-closed per hour and',
    'side. Everything is fitted on the first half of each set and scored on the second. ρ is Spearman’s rank',
    'correlation; deviance is the share of Poisson deviance explained against the constant of the first half; lift is',
    'what was force-closed after moves of equal size where the map held more fuel over where it held less. The model and',
    'each baseline get the same two fitted numbers, a scale and a constant background. `model.md` says how the model',
    'works and what was tried.',
    '',
    '![predicted against actual](accuracy.png)',
    '',
    ...sections.flatMap((section) => [section, '']),
    ...observed,
  ]
    .join('\n')
    .trimEnd()}\n`;
}

function run(): void {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      bars: { type: 'string' },
      liquidations: { type: 'string' },
      name: { type: 'string' },
      bucket: { type: 'string', default: '1h' },
      warmup: { type: 'string', default: '7d' },
      png: { type: 'string' },
      'write-docs': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  if (values.liquidations && !values.bars) throw new BadFile('--liquidations needs --bars');
  const sets = values.bars
    ? [
        readSet({
          name: values.name,
          bars: values.bars,
          liquidations: values.liquidations,
          bucketMs: parseDuration(values.bucket, 'bucket'),
          warmupMs: parseDuration(values.warmup, 'warmup'),
        }),
      ]
    : standardSets();
  const results = sets.map((set) => evaluate(set, seeded(1)));
  const checks = values.bars ? [] : checkObserved();

  if (values.png) writeFileSync(values.png, pictureOf(results));
  if (values['write-docs']) {
    const docs = resolve(import.meta.dirname, '../../docs');
    writeFileSync(join(docs, 'accuracy.png'), pictureOf(results));
    writeFileSync(join(docs, 'accuracy.md'), asMarkdown(results, checks));
  }
  if (values.json) console.log(asJson(results));
  else console.log([...results.map(asText), observedText(checks).join('\n')].join('\n\n').trimEnd());
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
