import { parseArgs } from 'node:util';
import { stoppable } from './stoppable';

/** A measurement: its figures, for `--json`, and what to print otherwise. */
interface Bench {
  run(): unknown;
  text(figures: never): string;
}

/** By the name given on the command line. Loaded when asked for: each needs other parts of the project. */
const benches: Record<string, () => Promise<Bench>> = {
  engine: async () => {
    const { benchEngine, textOf } = await import('./bench-engine');
    return { run: benchEngine, text: textOf };
  },
  cold: async () => {
    const { benchCold, textOf } = await import('./bench-cold');
    return { run: benchCold, text: textOf };
  },
  faults: async () => {
    const { benchFaults, textOf } = await import('./bench-faults');
    return { run: benchFaults, text: textOf };
  },
  bursts: async () => {
    const { benchBursts, textOf } = await import('./bench-bursts');
    return { run: benchBursts, text: textOf };
  },
  load: async () => {
    const { benchLoad, textOf } = await import('./bench-load');
    return { run: benchLoad, text: textOf };
  },
  soak: async () => {
    const { benchSoak, textOf } = await import('./bench-soak');
    return { run: () => benchSoak(values.hours ? { hours: Number(values.hours) } : {}), text: textOf };
  },
  levels: async () => {
    const { benchLevels, textOf } = await import('./bench-levels');
    return { run: () => benchLevels(), text: textOf };
  },
  accounts: async () => {
    const { benchAccounts, textOf } = await import('./bench-accounts');
    return { run: benchAccounts, text: textOf };
  },
  look: async () => {
    const { benchLook, textOf } = await import('./bench-look');
    return { run: () => benchLook(), text: textOf };
  },
  page: async () => {
    const { benchPage, textOf } = await import('./bench-page');
    return { run: () => benchPage(undefined, undefined, console.error), text: textOf };
  },
  popup: async () => {
    const { benchPopup, textOf } = await import('./bench-popup');
    return { run: benchPopup, text: textOf };
  },
  widget: async () => {
    const { benchWidget, textOf } = await import('./bench-widget');
    return { run: benchWidget, text: textOf };
  },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, hours: { type: 'string' } },
});
const name = positionals[0] ?? '';
const load = benches[name];
if (!load || positionals.length > 1) {
  console.error(`npm run bench -- ${Object.keys(benches).join('|')} [--json]; soak takes --hours`);
  process.exitCode = 1;
} else {
  const bench = await load();
  const figures = await stoppable(() => bench.run());
  console.log(values.json ? JSON.stringify({ [name]: figures }) : bench.text(figures as never));
}
