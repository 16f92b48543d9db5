import { parseArgs } from 'node:util';
import english from '../../public/_locales/en/messages.json' with { type: 'json' };
import { venues } from '../feeds';
import { createTransport } from '../feeds/net/http';
import { systemClock } from '../feeds/net/pacing';
import { createReplay, replayFetch } from '../tools/replay';
import { useTexts } from '../ui/text';
import { doctor } from './doctor';
import { writeSnapshot } from './snapshot';

useTexts(english);

const usage = `liqbands snapshot --symbol ETH --out DIR [--replay]

Asks the exchanges for one market and writes DIR/ETH.json for <liquidation-map symbol="ETH" src="ETH.json">.

  --symbol  a coin such as ETH or a pair such as ETH-USDT
  --out     folder to write to; made if it is not there
  --replay  read the recorded market that ships with the project instead of the exchanges (no network)

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
  if (positionals.join(' ') !== 'snapshot' || !values.symbol || !values.out) {
    process.stderr.write(usage);
    return 2;
  }
  return snapshot(values.symbol, values.out, values.replay);
}

async function snapshot(symbol: string, out: string, isReplay: boolean): Promise<number> {
  const replay = isReplay ? await createReplay() : undefined;
  try {
    const transport = createTransport({
      fetch: replay ? replayFetch(replay.port) : fetch,
      clock: systemClock,
      random: Math.random,
    });
    const path = await writeSnapshot(symbol, out, {
      venues,
      transport,
      now: () => systemClock.now(),
    });
    console.log(path);
    return 0;
  } finally {
    await replay?.close();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
