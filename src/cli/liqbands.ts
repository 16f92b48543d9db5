import { parseArgs } from 'node:util';
import english from '../../public/_locales/en/messages.json' with { type: 'json' };
import { venues } from '../feeds';
import { createTransport } from '../feeds/net/http';
import { systemClock } from '../feeds/net/pacing';
import { createReplay, replayFetch } from '../tools/replay';
import { useTexts } from '../ui/text';
import { writeSnapshot } from './snapshot';

useTexts(english);

const usage = `liqbands snapshot --symbol ETH --out DIR [--replay]

Asks the exchanges for one market and writes DIR/ETH.json for <liquidation-map symbol="ETH" src="ETH.json">.

  --symbol  a coin such as ETH or a pair such as ETH-USDT
  --out     folder to write to; made if it is not there
  --replay  read the recorded market that ships with the project instead of the exchanges (no network)
`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      symbol: { type: 'string' },
      out: { type: 'string' },
      replay: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  if (positionals.join(' ') !== 'snapshot' || !values.symbol || !values.out) {
    process.stderr.write(usage);
    return 2;
  }
  const replay = values.replay ? await createReplay() : undefined;
  try {
    const transport = createTransport({
      fetch: replay ? replayFetch(replay.port) : fetch,
      clock: systemClock,
      random: Math.random,
    });
    const path = await writeSnapshot(values.symbol, values.out, {
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
