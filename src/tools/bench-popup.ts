import { quantile } from '../engine/quantile';
import { launchChromium } from './browser';
import { ensureBuilt } from './build';
import { createReplay } from './replay';

/** How soon the popup's first control can be used, from the browser's first step towards it; ms. */
export interface PopupResult {
  /** Times it was opened, each in a page of its own, the first one after the browser's start left out. */
  opened: number;
  median: number;
  p90: number;
}

const times = 15;

export async function benchPopup(): Promise<PopupResult> {
  const [extensionDir] = ensureBuilt('chrome');
  const replay = await createReplay();
  const { context, extensionId, close } = await launchChromium({ extensionDir, resolverPort: replay.port });
  const found: number[] = [];
  for (let i = 0; i <= times; i++) {
    const popup = await context.newPage();
    await popup.goto(`chrome-extension://${extensionId}/src/popup/index.html`);
    await popup.getByRole('radio').first().waitFor();
    const [at] = await popup.evaluate(() =>
      performance.getEntriesByName('interactive').map(({ startTime }) => startTime),
    );
    if (i > 0) found.push(at!);
    await popup.close();
  }
  await close();
  await replay.close();
  return { opened: times, median: quantile(found, 0.5), p90: quantile(found, 0.9) };
}

export const textOf = ({ opened, median, p90 }: PopupResult): string =>
  `popup: first control after ${median.toFixed(0)} ms in the median of ${opened}, ${p90.toFixed(0)} ms in nine of ten (goal: 150)`;
