import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createReplay, type Fault, faultHelp } from './replay';

/** `npm run replay`: the replay exchange on its own, for other programs to be pointed at. */

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8443' },
    data: { type: 'string', multiple: true },
    'start-at': { type: 'string' },
    speed: { type: 'string', default: '1' },
    trades: { type: 'string', default: '2' },
    faults: { type: 'string' },
    shares: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(`Usage: npm run replay -- [options]
  --port N          port on 127.0.0.1 (8443)
  --data PATH       file or directory of recorded bars, may be given several times (the recordings in src/tools/replay/data)
  --start-at X      share of the recordings already played, 0–1, or a recorded time such as 2024-08-05T00:00Z (a day before their end)
  --speed N         how fast time passes; 0 stands still until POST /__replay/clock {"advanceMs": N} (1)
  --trades N        trades a second on Binance, in bursts, fewer elsewhere; 16 is as recorded (2)
  --shares          list a share, NVDA, beside the coins
  --faults FILE     what goes wrong, see below

${faultHelp}

What is served, and how it was derived: src/tools/replay/README.md`);
  process.exit(0);
}

function startAt(text: string): number {
  const value = Number(text);
  const time = Number.isFinite(value) ? value : Date.parse(text);
  if (!(time >= 0)) throw new Error(`--start-at expects a share of 0–1 or a time, got ${text}`);
  return time;
}

const replay = await createReplay({
  data: values.data,
  port: Number(values.port),
  speed: Number(values.speed),
  shares: values.shares,
  tradesPerSecond: Number(values.trades),
  ...(values['start-at'] === undefined ? {} : { startAt: startAt(values['start-at']) }),
  ...(values.faults === undefined
    ? {}
    : { faults: JSON.parse(readFileSync(values.faults, 'utf8')) as Fault[] }),
});
console.log(`Replay exchange on https://127.0.0.1:${replay.port}, status at /__replay`);
console.log(
  `chromium --host-resolver-rules="MAP * 127.0.0.1:${replay.port}" --ignore-certificate-errors https://www.binance.com/en/futures/BTCUSDT`,
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void replay.close().then(() => process.exit(0)));
}
