import { readFile, writeFile } from 'node:fs/promises';
import { launchChromium } from './browser';

/** Renders `public/icons/icon.svg` to the sizes that browsers ask for: `npx tsx src/tools/icons.ts`. */

const folder = new URL('../../public/icons/', import.meta.url);
const svg = await readFile(new URL('icon.svg', folder), 'utf8');
const browser = await launchChromium();
try {
  const page = await browser.context.newPage();
  for (const size of [16, 32, 48, 128]) {
    await page.setViewportSize({ width: size, height: size });
    await page.setContent(
      `<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${svg}`,
    );
    const png = await page.screenshot({
      omitBackground: true,
      clip: { x: 0, y: 0, width: size, height: size },
    });
    await writeFile(new URL(`${size}.png`, folder), png);
  }
} finally {
  await browser.close();
}
