import * as z from 'zod/mini';
import { AlertChoices } from '../protocol/alert-choices';
import { problemOf, readSettings, type Settings } from '../protocol/settings';

/** Settings as a file. Addresses and tokens that alerts are sent to stay in the browser. */
const SettingsFile = z.object({
  liqbands: z.literal('settings'),
  version: z.literal(1),
  settings: z.record(z.string(), z.unknown()),
  alerts: z.record(z.string(), z.unknown()),
});

export interface Imported {
  settings: Settings;
  alerts: Pick<AlertChoices, 'pinned' | 'kinds' | 'quiet' | 'sound'>;
}

/** The file's text. */
export function settingsFile(settings: Settings, { pinned, kinds, quiet, sound }: AlertChoices): string {
  const file = { liqbands: 'settings', version: 1, settings, alerts: { pinned, kinds, quiet, sound } };
  return `${JSON.stringify(file, undefined, 2)}\n`;
}

/**
 * Reads a settings file whole or not at all: settings mend what is broken in them on every start, so a value that would
 * be mended is a damaged one here.
 *
 * @throws TypeError saying what was expected
 */
export function readSettingsFile(text: string): Imported {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new TypeError('not JSON');
  }
  const file = SettingsFile.safeParse(json);
  if (!file.success) throw new TypeError('not a settings file of Liqbands, version 1');
  const strange = problemOf(file.data.settings);
  if (strange !== undefined) throw new TypeError(`settings, ${strange}: not a value it can have`);
  const settings = readSettings(file.data.settings);
  const { pinned, kinds, quiet, sound } = AlertChoices.parse(file.data.alerts);
  const alerts = { pinned, kinds, quiet, sound };
  for (const [name, value] of Object.entries(file.data.alerts)) {
    if (JSON.stringify((alerts as Record<string, unknown>)[name]) !== JSON.stringify(value))
      throw new TypeError(`alerts, ${name}: not a value it can have`);
  }
  return { settings, alerts };
}
