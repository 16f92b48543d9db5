import { ensureBrowser } from '../../src/tools/browser';
import { ensureBuilt } from '../../src/tools/build';

/** Before any browser test: a browser is there, and what it loads is built from the sources as they are now. */
export default async function setup(): Promise<void> {
  await ensureBrowser();
  ensureBuilt('chrome', 'firefox', 'widget');
}
