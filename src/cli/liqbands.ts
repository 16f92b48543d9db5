import { parseArgs } from 'node:util';
import project from '../../package.json' with { type: 'json' };
import english from '../../public/_locales/en/messages.json' with { type: 'json' };
import { type WindowId, windowMs } from '../engine/records';
import { dayMs, hourMs, minuteMs } from '../engine/time';
import { venueFeeds } from '../feeds';
import { createTransport } from '../feeds/net/http';
import { sleep, systemClock } from '../feeds/net/pacing';
import { createReplay, replayFetch, showcase } from '../tools/replay';
import { price, ratio, usd } from '../ui/format';
import { type Language, languageNames, languageOf } from '../ui/languages';
import { levelText } from '../ui/level-text';
import { useTexts } from '../ui/text';
import { doctor } from './doctor';
import { type Asked, marketOf, writeSnapshot } from './snapshot';

useTexts(english);

const usage = `liqbands snapshot --symbol BTC,ETH --out DIR [--every 5m] [--venues binance,bybit] [--lang en,ja] [--no-poster] [--replay]

Asks the exchanges for each market and writes DIR/ETH.json for <liquidation-map symbol="ETH" src="ETH.json">, with pictures of
it, light and dark (ETH.png, ETH.svg, ETH-dark.png, ETH-dark.svg), and what they show in words (ETH.txt).

  --symbol  a coin such as ETH or a pair such as ETH-USDT; several with commas. One that fails leaves its last file as it
            was and the others their turn; so does one of whose exchanges of the last 15 minutes one is missing
  --out     folder to write to; made if it is not there
  --every   again and again, from 1m to 24h, until it is stopped; once unless given
  --lang    languages of the pictures and their words: ${languageNames.join(', ')}; en unless given. Those after the first
            are written as ETH.ja.png and so on
  --no-poster  no pictures
  --venues  exchanges to ask; all unless given
  --replay  in a checkout of the project: read its recorded market instead of the exchanges (no network)

liqbands map --symbol BTC [--window 24h] [--venues …] [--json] [--replay]

Tells the map of one market now: its levels, how both sides weigh near price, and which exchanges answered.

  --window  positions of the last 12h, 24h (default), 7d or 30d
  --json    the whole of it: {"symbol","time","health":[…],"view":{…}}, amounts in USD, times in ms since 1970

liqbands mcp [--venues …] [--replay]

A server of the Model Context Protocol on stdin and stdout: maps, levels, reports of positions and the state of the exchanges as
tools, without a key, from this machine.

liqbands doctor [--json] [--replay [--faults FILE]]

Tries every address, stream and field that is used of the exchanges, from here, in under a minute, and says what answered, how
fast, and what did not match. The text names nothing of yours and can be handed on.

  --json    {"doctor":{"venues":[{"id","checks":[{"name","ok","ms","note"}]}]}}
  --replay  in a checkout of the project: try its replay of the exchanges instead (no network)
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
      every: { type: 'string' },
      lang: { type: 'string', default: 'en' },
      'no-poster': { type: 'boolean', default: false },
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
    const { symbol, out, every, lang, 'no-poster': isBare } = values;
    const posters = isBare ? [] : lang.split(',').map(languageNamed);
    const everyMs = every === undefined ? undefined : lengthOf(every);
    const write: Write = (name, asked) => writeSnapshot(name, out, asked, { posters });
    return withVenues(values, (asked) => snapshots(symbol.split(','), write, asked, everyMs));
  }
  if (command === 'map' && values.symbol) {
    const { symbol, window, json } = values;
    return withVenues(values, (asked) => tellMap(symbol, window, json, asked));
  }
  if (command === 'mcp') return withVenues(values, serve);
  process.stderr.write(usage);
  return 2;
}

/** Runs a command on the venues that are named, or on all; on the recorded market where that is wanted. */
async function withVenues(
  { venues: names, replay: isReplay }: { venues?: string | undefined; replay: boolean },
  run: (asked: Asked) => Promise<number>,
): Promise<number> {
  const ids = names?.split(',').map((id) => id.trim());
  const unknown = ids?.find((id) => !venueFeeds.some((venue) => venue.id === id));
  if (unknown !== undefined) {
    throw new Error(`--venues ${unknown} is none of ${venueFeeds.map(({ id }) => id).join(', ')}`);
  }
  const replay = isReplay ? await createReplay({ startAt: showcase }) : undefined;
  try {
    const transport = createTransport({
      fetch: replay ? replayFetch(replay.port) : fetch,
      clock: systemClock,
      random: Math.random,
    });
    const chosen = venueFeeds.filter(({ id }) => !ids || ids.includes(id));
    return await run({ venues: chosen, transport, now: () => systemClock.now() });
  } finally {
    await replay?.close();
  }
}

type Write = (symbol: string, asked: Asked) => Promise<string>;

/** Writes one after the other, and all again each `everyMs` until the process is asked to end; 1 when any failed last. */
async function snapshots(
  symbols: readonly string[],
  write: Write,
  asked: Asked,
  everyMs: number | undefined,
): Promise<number> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  for (;;) {
    const began = systemClock.now();
    const status = await writeAll(symbols, write, asked);
    if (everyMs === undefined || stop.signal.aborted) return status;
    const wait = Math.max(0, began + everyMs - systemClock.now());
    const isStopped = await sleep(systemClock, wait, stop.signal).then(
      () => false,
      () => true,
    );
    if (isStopped) return status;
  }
}

async function writeAll(symbols: readonly string[], write: Write, asked: Asked): Promise<number> {
  let status = 0;
  for (const symbol of symbols) {
    try {
      console.log(await write(symbol.trim(), asked));
    } catch (error) {
      console.error(error instanceof Error ? error.message : error);
      status = 1;
    }
  }
  return status;
}

/** Throws Error where there are no texts in it. */
function languageNamed(name: string): Language {
  if (languageNames.includes(name)) return languageOf([name]);
  throw new Error(`--lang ${name} is none of ${languageNames.join(', ')}`);
}

const units = { m: minuteMs, h: hourMs };

/** ms of a length of time such as `5m` or `1h`. Throws Error when it is none from a minute to a day. */
function lengthOf(written: string): number {
  const [, count, unit] = /^(\d{1,4})([mh])$/.exec(written) ?? [];
  const ms = Number(count) * units[(unit ?? 'm') as keyof typeof units];
  if (ms >= minuteMs && ms <= dayMs) return ms;
  throw new Error(`--every ${written} is no length of time from 1m to 24h`);
}

/** Answers on stdin and stdout until the other side is gone. */
async function serve(asked: Asked): Promise<number> {
  const [{ mcpServer }, { StdioServerTransport }] = await Promise.all([
    import('./mcp'),
    import('@modelcontextprotocol/sdk/server/stdio.js'),
  ]);
  const transport = new StdioServerTransport();
  const isOver = new Promise<void>((resolve) => {
    transport.onclose = resolve;
    for (const event of ['end', 'close']) process.stdin.once(event, () => resolve());
  });
  await mcpServer(asked, project.version).connect(transport);
  await isOver;
  await transport.close();
  return 0;
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
