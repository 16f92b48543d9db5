import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';

/** Something that a signal closes, as it closes a browser, and that fails for whoever waits for it. */
const script = `
import { stoppable } from './src/tools/stoppable.ts';
setInterval(() => {}, 1000);
await stoppable(() => new Promise((_, fail) => {
  process.once('SIGTERM', () => fail(new Error('closed')));
  console.log('runs');
}));`;

it('what is stopped ends by its signal, without a stack of errors', async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script]);
  const said = text(child.stderr);
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  expect(await said).toBe('stopped\n');
  expect(code).toBe(143);
}, 60_000);
