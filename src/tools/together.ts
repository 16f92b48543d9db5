import { spawn } from 'node:child_process';

/** `tsx src/tools/together.ts NAME…`: runs scripts of `package.json` side by side, and fails where one of them does. */

async function run(name: string): Promise<boolean> {
  const child = spawn('npm', ['run', '--silent', name], {
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  // Each at its end, or their words would mix.
  process.stdout.write(said);
  if (code !== 0) console.error(`npm run ${name}: failed`);
  return code === 0;
}

const outcomes = await Promise.all(process.argv.slice(2).map(run));
process.exitCode = outcomes.every(Boolean) ? 0 : 1;
