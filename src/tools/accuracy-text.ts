import type { Evaluation, LevelScore, PooledLevels } from '../engine/evaluation/evaluate';
import type { Score } from '../engine/evaluation/fit';
import type { ForwardScore } from '../engine/evaluation/forward-score';
import type { Lift } from '../engine/evaluation/level-lift';

/** The accuracy report in words: for the terminal and for docs/accuracy.md. */

export interface ObservedCheck {
  coin: string;
  /** How far from price positions count, as a fraction of it. */
  reach: number;
  positions: number;
  share: number;
  distanceOnly: number;
  /** In the tenth of distances at which other accounts' liquidation prices are most frequent. */
  otherAccounts: number;
}

const names: Record<string, string> = {
  bandsAlone: 'the map without the way back',
  standsNow: 'what stands, without the typical',
  moveTimesVolume: 'size of the move × volume',
  extremesTimesVolume: 'new extremes × volume',
  unpassedExtremes: 'unpassed extremes and distance',
  move: 'size of the move',
  territory: 'new territory',
  openInterestOnly: 'rises of open interest only',
  uniform: 'uniform density',
  onePercentHigher: 'placebo: bands 1 % higher',
  onePercentLower: 'placebo: bands 1 % lower',
  sidesSwapped: 'placebo: sides swapped',
};

type Row = [name: string, score: Score];

const rowsOf = (scores: Record<string, Score>): Row[] =>
  Object.entries(scores).map(([key, score]): Row => [names[key]!, score]);

const forwardRows = (score: ForwardScore): Row[] => [
  ['the map as it stood', score],
  ['distance only', score.distanceOnly],
  ['distance only, with way back and activity', score.mapless],
  ...rowsOf({ ...score.baselines, ...score.placebos }),
];

const nowcastRows = (result: Evaluation): Row[] => [
  ['nowcast', result],
  ...rowsOf({ ...result.baselines, ...result.placebos }),
];

const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
const liftText = (lift: Lift | null) =>
  lift ? `${lift[1].toFixed(1)} (${lift[0].toFixed(1)} to ${lift[2].toFixed(1)})` : 'too few';
const range = ([low, high]: readonly [number, number]) => `${low.toFixed(2)} to ${high.toFixed(2)}`;

const gained = ({ deltaRho, deltaDeviance }: Pick<ForwardScore, 'deltaRho' | 'deltaDeviance'>) =>
  [['ρ', deltaRho] as const, ['deviance', deltaDeviance] as const]
    .map(([what, [low, mid, high]]) => `${what} ${signed(mid)} (${signed(low)} to ${signed(high)})`)
    .join(', ');

function levelsText({ perSide, perSideRange, widthPct, persistence, ...lifts }: LevelScore): string {
  const [few, many] = perSideRange;
  return (
    `${perSide.toFixed(1)} levels a side (${few} to ${many}), ${widthPct.toFixed(1)} % wide, ` +
    `${percent(persistence)} still there an hour later; ${liftsText(lifts)}`
  );
}

const liftsText = ({ lift, liftAway, byKind, placebo }: PooledLevels) =>
  `lift ${liftText(lift)}, beyond 0.5 % ${liftText(liftAway)}, swings ${liftText(byKind.swing)}, ` +
  `24 h extremes ${liftText(byKind['24h'])}, 7-day extremes ${liftText(byKind['7d'])}, ` +
  `excess of the map ${liftText(byKind.excess)}; levels of two days before ${placebo?.toFixed(1) ?? 'too few'}`;

export function asText(results: Evaluation[], pooled: PooledLevels, checks: ObservedCheck[]): string {
  return [
    ...results.map(setText),
    `All sets: ${liftsText(pooled)}`,
    ...(checks.length > 0 ? [observedText(checks)] : []),
  ].join('\n\n');
}

function setText(result: Evaluation): string {
  const line = ([name, { rho, deviance, total }]: Row) =>
    `  ${name.padEnd(42)}${rho.toFixed(3).padStart(7)}${deviance.toFixed(3).padStart(10)}${total.toFixed(2).padStart(8)}`;
  const head = `  ${''.padEnd(42)}${'rho'.padStart(7)}${'deviance'.padStart(10)}${'total'.padStart(8)}`;
  const { intervals, coverage } = result;
  return [
    `${result.name}: ${result.n} points scored`,
    ...result.forward.flatMap((score) => [
      ` ${score.buckets} ${score.buckets === 1 ? 'bucket' : 'buckets'} ahead: ${gained(score)} over distance only; ${gained(score.mapless)} over that with way back and activity`,
      head,
      ...forwardRows(score).map(line),
      `  80 % interval held ${percent(score.coverage)}; predicted ÷ actual by tenths ` +
        `${score.deciles.map((ratio) => ratio.toFixed(1)).join(' ')}, largest hundredth ${score.topHundredth.toFixed(2)}`,
    ]),
    ` levels: ${levelsText(result.levels)}`,
    ' nowcast: the hour’s own bars are used',
    head,
    ...nowcastRows(result).map(line),
    `  95 %: rho ${range(intervals.rho)}, deviance ${range(intervals.deviance)}, total ${range(intervals.total)}`,
    `  lift ${result.lift.toFixed(1)}, q ${(result.q * 100).toFixed(2)} %, ` +
      `80 % interval held ${percent(coverage.share)} of ${coverage.n} points`,
  ].join('\n');
}

function observedText(checks: ObservedCheck[]): string {
  return [
    'Observed Hyperliquid positions in the densest tenth of the map (uniform 10 %, the tenth nearest to price beside it):',
    ...checks.map(
      ({ coin, reach, positions, share, distanceOnly, otherAccounts }) =>
        `  ${coin} within ±${reach * 100} %: ${percent(share)} of ${positions} positions by USD; nearest tenth ${percent(distanceOnly)}; where other accounts are ${percent(otherAccounts)}`,
    ),
  ].join('\n');
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);

const scoreTable = (rows: Row[]) =>
  table(
    ['', 'ρ', 'deviance explained', 'predicted ÷ actual'],
    rows.map(([name, { rho, deviance, total }]) => [
      name,
      rho.toFixed(3),
      deviance.toFixed(3),
      total.toFixed(2),
    ]),
  );

const preface = `# How well the estimate does

<!-- Written by \`npm run evaluate -- --write-docs\`. -->

[model.md](model.md) says how the model works and what was tried.

| question | figure |
|---|---|
| I look at the map now. Does it know where, in the hour to come, positions will be closed by force? | **one hour ahead**: the map as it stood when the hour began, against what was then forced. Only where price went is given. |
| Does it know more than “closer means more”? | the gain over **distance only**: what maps usually hold at that distance, times open interest. Above 0, with its whole interval, means yes. |
| And four hours from now? | **four hours ahead**, the same map against four hours of forced orders. |
| Is a drawn line better than any other price? | **lift of levels**: forced there per typical dollar that price passed, over elsewhere. 1 is no better. |
| Will the line still be there in an hour? | the share of levels still there, of those that price did not reach. |
| Are the dollars right? | **predicted ÷ actual**, and how often the real amount lay within the shown 80 % interval. |
| How much is in the market’s hour that just was? | the **nowcast**: it uses the hour’s own volume and open interest, which nobody has beforehand. Higher, and not what you see on the chart. |

ρ is Spearman’s rank correlation: 1 when hours are ranked exactly by what was forced, 0 when the order says nothing.
Deviance is the share of Poisson deviance explained against the constant of the first half: it looks at sizes. Everything is
fitted on the first half of each set and scored on the second; intervals resample whole days. Each row gets a constant
background and a scale, one for each column where it is made of several.

The map’s row is what is expected on the way that price took: at risk in the bands of the map as it stood, times how busy the market
was before, and a part of what is opened meanwhile and passed on the way back ([model.md](model.md)). None of it knows the hour’s own
volume or open interest. *The map without the way back* is the bands alone. *Distance only, with way back and activity* is all that
but with what is typical in the map’s place: what is gained over it is the map’s own. Totals and intervals one and four hours ahead are
those of use: the scale moves with what the hours before taught.
`;

export function asMarkdown(results: Evaluation[], pooled: PooledLevels, checks: ObservedCheck[]): string {
  return `${[
    preface,
    ...overview(results, pooled),
    '![predicted against actual](accuracy.png)',
    '',
    ...results.flatMap((result) => [...setMarkdown(result), '']),
    ...observedMarkdown(checks),
  ]
    .join('\n')
    .trimEnd()}\n`;
}

function overview(results: Evaluation[], pooled: PooledLevels): string[] {
  return [
    '## In short',
    '',
    ...table(
      ['', 'ρ / deviance, 1 h ahead', 'over distance only', '4 h ahead', 'over distance only', 'nowcast'],
      results.map(({ name, forward, nowcast }) => {
        const pair = ({ rho, deviance }: { rho: number; deviance: number }) =>
          `${rho.toFixed(3)} / ${deviance.toFixed(3)}`;
        const cells = forward.flatMap((score) => [
          pair(score),
          `${signed(score.deltaRho[1])} / ${signed(score.deltaDeviance[1])}`,
        ]);
        return [name, ...cells, pair(nowcast)];
      }),
    ),
    '',
    `Levels, all sets together: ${liftsText(pooled)}.`,
    '',
  ];
}

function setMarkdown(result: Evaluation): string[] {
  const { intervals, coverage } = result;
  return [
    `## ${result.name}`,
    '',
    `${result.n} points scored. ${capital(levelsText(result.levels))}.`,
    '',
    ...result.forward.flatMap((score) => [
      `### ${score.buckets === 1 ? 'One hour' : 'Four hours'} ahead`,
      '',
      `Over distance only: ${gained(score)}; over that with the way back and the activity: ${gained(score.mapless)}. The 80 % interval of the amount held ${percent(score.coverage)}.`,
      `Predicted ÷ actual by tenths of the prediction: ${score.deciles.map((ratio) => ratio.toFixed(1)).join(', ')}; in the largest hundredth ${score.topHundredth.toFixed(2)}.`,
      '',
      ...scoreTable(forwardRows(score)),
      '',
    ]),
    '### Nowcast',
    '',
    `Lift ${result.lift.toFixed(1)}; q ${(result.q * 100).toFixed(2)} %. 95 % intervals: ρ ${range(intervals.rho)}, deviance ${range(intervals.deviance)}, total ${range(intervals.total)}.`,
    `The 80 % interval of the amount held ${percent(coverage.share)} of ${coverage.n} points.`,
    '',
    ...scoreTable(nowcastRows(result)),
  ];
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function observedMarkdown(checks: ObservedCheck[]): string[] {
  if (checks.length === 0) return [];
  return [
    '## Observed positions',
    '',
    'Share of real Hyperliquid liquidation prices (by USD, large accounts, February 2026) that falls in the',
    'densest tenth of a map built from Binance bars up to the end of December 2025. The months differ, so this',
    'tests the typical shape, not single bands; large accounts hold lower leverage than the flow that is liquidated.',
    '',
    ...table(
      ['', 'positions', 'densest tenth', 'tenth nearest to price', 'where other accounts are', 'uniform'],
      checks.map(({ coin, reach, positions, share, distanceOnly, otherAccounts }) => [
        `${coin} within ±${reach * 100} %`,
        String(positions),
        percent(share),
        percent(distanceOnly),
        percent(otherAccounts),
        '10 %',
      ]),
    ),
  ];
}
