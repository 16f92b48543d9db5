import { parseArgs } from 'node:util';
import english from '../../public/_locales/en/messages.json' with { type: 'json' };
import { type WindowId, windowMs } from '../engine/records';
import { venues } from '../feeds';
import { createTransport } from '../feeds/net/http';
import { systemClock } from '../feeds/net/pacing';
import { createReplay, replayFetch } from '../tools/replay';
import { price, ratio, usd } from '../ui/format';
import { levelText } from '../ui/level-text';
import { useTexts } from '../ui/text';
import { doctor } from './doctor';
import { marketOf, writeSnapshot } from './snapshot';

useTexts(english);

const usage = `liqbands snapshot --symbol BTC,ETH --out DIR [--venues binance,bybit] [--replay]

Asks the exchanges for each market and writes DIR/ETH.json for <liquidation-map symbol="ETH" src="ETH.json">.

  --symbol  a coin such as ETH or a pair such as ETH-USDT; several with commas. One that fails leaves its last file as it
            was and the others their turn
  --out     folder to write to; made if it is not there
  --venues  exchanges to ask; all unless given
  --replay  read the recorded market that ships with the project instead of the exchanges (no network)

liqbands map --symbol BTC [--window 24h] [--venues …] [--json] [--replay]

Tells the map of one market now: its levels, how both sides weigh near price, and which exchanges answered.

  --window  positions of the last 12h, 24h (default), 7d or 30d
  --json    the whole of it: {"symbol","time","health":[…],"view":{…}}, amounts in USD, times in ms since 1970

liqbands doctor [--json] [--replay [--faults FILE]]

Tries every address, stream and field that is used of the exchanges, from here, in under a minute, and says what answered, how
fast, and what did not match. The text names nothing of yours and can be handed on.

  --json    {"doctor":{"venues":[{"id","checks":[{"name","ok","ms","note"}]}]}}
  --replay  try the built-in replay of the exchanges instead (no network)
  --faults  with what goes wrong in it: see npm run replay -- --help
`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      symbol: { type: 'string' },
      venues: { type: 'string' },
      window: { type: 'string', default: '24h' },
      out: { type: 'string' },
      replay: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      faults: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  if (positionals.join(' ') === 'doctor') {
    const { text, isWell } = await doctor(values, values.json);
    console.log(text);
    return isWell ? 0 : 1;
  }
  const command = positionals.join(' ');
  if (command === 'snapshot' && values.symbol && values.out) {
    const { symbol, out } = values;
    return withVenues(values, (asked) => snapshots(symbol.split(','), out, asked));
  }
  if (command === 'map' && values.symbol) {
    const { symbol, window, json } = values;
    return withVenues(values, (asked) => tellMap(symbol, window, json, asked));
  }
  process.stderr.write(usage);
  return 2;
}

type Asked = Parameters<typeof writeSnapshot>[2];

/** Runs a command on the venues that are named, or on all; on the recorded market where that is wanted. */
async function withVenues(
  { venues: names, replay: isReplay }: { venues?: string | undefined; replay: boolean },
  run: (asked: Asked) => Promise<number>,
): Promise<number> {
  const ids = names?.split(',').map((id) => id.trim());
  const unknown = ids?.find((id) => !venues.some((venue) => venue.id === id));
  if (unknown !== undefined) {
    throw new Error(`--venues ${unknown} is none of ${venues.map(({ id }) => id).join(', ')}`);
  }
  const replay = isReplay ? await createReplay() : undefined;
  try {
    const transport = createTransport({
      fetch: replay ? replayFetch(replay.port) : fetch,
      clock: systemClock,
      random: Math.random,
    });
    const chosen = venues.filter(({ id }) => !ids || ids.includes(id));
    return await run({ venues: chosen, transport, now: () => systemClock.now() });
  } finally {
    await replay?.close();
  }
}

/** Writes one after the other; 1 when any failed. */
async function snapshots(symbols: readonly string[], out: string, asked: Asked): Promise<number> {
  let status = 0;
  for (const symbol of symbols) {
    try {
      console.log(await writeSnapshot(symbol.trim(), out, asked));
    } catch (error) {
      console.error(error instanceof Error ? error.message : error);
      status = 1;
    }
  }
  return status;
}

async function tellMap(symbol: string, window: string, isJson: boolean, asked: Asked): Promise<number> {
  const wanted = (Object.keys(windowMs) as WindowId[]).find((id) => id === window);
  if (!wanted) throw new Error(`--window ${window} is none of ${Object.keys(windowMs).join(', ')}`);
  const { windows, health, time, symbol: canonical } = await marketOf(symbol, asked, [wanted]);
  const { view } = windows[wanted]!;
  if (isJson) {
    console.log(JSON.stringify({ symbol: canonical, time, health, view }));
    return 0;
  }
  const { within5, longUsd5, shortUsd5 } = view.ratio;
  const answered = health.filter(({ state }) => state === 'ok').map(({ name }) => name);
  console.log(
    [
      `${canonical} ${price(view.price)}, estimate of positions of the last ${wanted}, from ${answered.join(', ')}`,
      `within 5 %: ${usd(longUsd5)} of longs at risk below, ${usd(shortUsd5)} of shorts above (${ratio(within5)})`,
      ...(view.levels ?? []).map((level) => levelText(level, view.price, 1, true)),
    ].join('\n'),
  );
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
