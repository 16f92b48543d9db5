import { type Launched, type LaunchOptions, launchChromium } from '../../src/tools/browser';
import { createReplay, type ReplayExchange, type ReplayOptions } from '../../src/tools/replay';

/** The production build in a browser, on a local exchange at the real addresses. */
export interface Stage {
  replay: ReplayExchange;
  browser: Launched;
  close(): Promise<void>;
}

/** One moment of the recording, whatever the hour of the day is. */
export const moment = Date.UTC(2024, 8, 17, 12);

/** @param replayOptions with `startAt` unless what is tested asks for another moment */
export async function openStage(
  replayOptions: ReplayOptions = {},
  launchOptions: Omit<LaunchOptions, 'extensionDir' | 'resolverPort'> = {},
): Promise<Stage> {
  const replay = await createReplay({ startAt: moment, ...replayOptions });
  const browser = await launchChromium({
    ...launchOptions,
    extensionDir: 'dist/chrome',
    resolverPort: replay.port,
  });
  return {
    replay,
    browser,
    async close() {
      await browser.close();
      await replay.close();
    },
  };
}

/** Lets the extension read what the pattern matches: the browser's own prompt cannot be answered without a display. */
export async function allow({ browser }: Stage, pattern: string): Promise<void> {
  const admin = await browser.context.newPage();
  await admin.goto('chrome://extensions');
  await admin.evaluate(
    async ([id, origin]) => {
      const { developerPrivate } = chrome as unknown as {
        developerPrivate: { addHostPermission(id: string, origin: string): Promise<void> };
      };
      await developerPrivate.addHostPermission(id, origin);
    },
    [browser.extensionId!, pattern] as const,
  );
  await admin.close();
}

export { overlayText } from '../../src/tools/overlay-text';
