import { describe, expect, it } from 'vitest';
import { filesBelow } from '../../src/tools/package';
import { addedIn, type Browser, data, declared, type Entry } from '../compatibility';

/**
 * What is built for a browser names nothing that came after the version which the manifest declares, by Mozilla's own
 * compatibility data: what libraries ask too. Only names that are hardly anyone's own count: interfaces, and members with a
 * capital inside. `test/declared-versions.test.ts` knows of the source which interface a name belongs to.
 */

/** Names that only newer versions of a browser have. */
function newerThan(version: number, browser: Browser): string[] {
  const newer = new Set<string>();
  const older = new Set<string>();
  const note = (name: string, entry: Entry) => {
    const added = addedIn(entry, browser);
    if (added !== undefined) (added > version ? newer : older).add(name);
  };
  for (const entries of [data.api, data.javascript.builtins]) {
    for (const [name, members] of Object.entries(entries)) {
      note(name, members);
      for (const [member, entry] of Object.entries(members))
        if (member !== '__compat') note(member.replace(/_(event|static)$/, ''), entry as Entry);
    }
  }
  return [...newer].filter((name) => !older.has(name) && /^[A-Z]|[a-z][A-Z]/.test(name));
}

/** Named all the same, as it harms nobody who lacks it. */
const harmless: Record<string, string[]> = {
  chrome: [
    'moveBefore', // Preact asks whether it is there
    'QuotaExceededError', // the name of an error, as text
  ],
  firefox: [
    'moveBefore',
    'QuotaExceededError',
    'imageSmoothingQuality', // set, and without effect
    'maxHeight', // a style's, where the data means another interface
    'firesTouchEvents', // lightweight-charts asks whether they are there
    'sourceCapabilities',
    'userAgentData',
    'setPriority', // p-queue's own
    'getDevices', // a polyfill's list of names
    'stackTraceLimit',
  ],
};

/** Firefox for Android has the package of Firefox, and is asked of in the source. */
const { chrome, firefox } = declared;

describe.each(Object.entries({ chrome, firefox }))('what is built for %s %d', (browser, version) => {
  it('names nothing that came later', () => {
    const names = newerThan(version, browser as Browser);
    expect(names.length).toBeGreaterThan(300);
    const scripts = Object.entries(filesBelow(`dist/${browser}`)).filter(([name]) => name.endsWith('.js'));
    expect(scripts.length).toBeGreaterThan(10);
    const found = scripts.flatMap(([file, code]) => {
      const words = new Set(
        Buffer.from(code)
          .toString()
          .match(/[A-Za-z_$][\w$]*/g),
      );
      return names
        .filter((name) => words.has(name) && !harmless[browser]!.includes(name))
        .map((name) => `${file}: ${name}`);
    });
    expect(found).toEqual([]);
  });
});
