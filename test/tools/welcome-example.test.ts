import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import english from '../../public/_locales/en/messages.json';
import { welcomeExample } from '../../src/tools/welcome-example';
import { useTexts } from '../../src/ui/text';

useTexts(english);

test('the picture on the first page is what the engine says of the recorded market', async () => {
  const shown = JSON.parse(readFileSync('src/welcome/example.json', 'utf8')) as unknown;
  expect(shown, 'npx tsx src/tools/welcome-example.ts writes it anew').toEqual(await welcomeExample());
}, 60_000);
