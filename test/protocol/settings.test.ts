import { describe, expect, it } from 'vitest';
import {
  changed,
  defaultSettings,
  problemOf,
  readSettings,
  settingsAt,
  siteSettings,
} from '../../src/protocol/settings';
import { venueIds } from '../../src/venues';

/** A profile in which the user chose everything otherwise. */
const chosen = {
  window: '7d',
  opacity: 0.3,
  palette: 'classic',
  mode: 'heatmap',
  venues: Object.fromEntries(venueIds.map((id, i) => [id, i % 2 === 1])),
  tiers: [false, true, false, true, false],
  threshold: 0.05,
  levelsPerSide: 2,
  labels: false,
  observed: true,
  sites: {
    'a.example': {
      enabled: false,
      window: '30d',
      mode: 'profile',
      tiers: [true, false, true, true, true],
      levelsPerSide: 5,
      opacity: 0.9,
      palette: 'classic',
      tooltip: false,
      corner: 'bottom-right',
      panel: 'closed',
      symbol: 'ETH-USDT',
      insteadOf: 'BTC-USDT',
    },
    'b.example': { enabled: false },
  },
};

type Path = string[];
const keysOf = (value: unknown, path: Path = []): Path[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, inner]) => [[...path, key], ...keysOf(inner, [...path, key])])
    : [];
const at = (value: unknown, path: Path): unknown =>
  path.reduce((part: unknown, key) => (part as Record<string, unknown> | undefined)?.[key], value);
function put(value: object, [key, ...rest]: Path, what: unknown): object {
  const inner = value[key as never] as object;
  return { ...value, [key!]: rest.length === 0 ? what : put(inner, rest, what) };
}

describe('settings as they are read', () => {
  it.each([undefined, null, 5, 'x', [], {}, [[1, 2]]])('are the defaults where %j is stored', (stored) => {
    expect(readSettings(stored)).toEqual(defaultSettings);
  });

  it('are as the user chose them', () => {
    const read = readSettings(chosen);
    expect(read).toEqual({ ...chosen, sites: { ...chosen.sites, 'b.example': read.sites['b.example'] } });
    expect(read.sites['b.example']).toEqual({ ...siteSettings(defaultSettings, 'x'), enabled: false });
  });

  it.each(keysOf(chosen).map((path) => [path.join(' '), path] as const))(
    'lose nothing beside a broken %s',
    (_, path) => {
      const whole = readSettings(chosen);
      for (const broken of [undefined, null, 'x y', -7, Number.NaN, {}, [], [true], { toString: 1 }]) {
        const read = readSettings(put(chosen, path, broken));
        for (const other of keysOf(chosen)) {
          const isPart = path.every((key, i) => other[i] === key) || other.every((key, i) => path[i] === key);
          if (!isPart) expect(at(read, other), other.join('.')).toEqual(at(whole, other));
        }
      }
    },
  );

  it('keep each venue’s choice when there is one venue more, or less', () => {
    // A profile from before the last venue was there, and one from after another was added.
    const { [venueIds.at(-1)!]: _, ...fewer } = chosen.venues;
    expect(readSettings({ ...chosen, venues: fewer })).toEqual({
      ...readSettings(chosen),
      venues: { ...chosen.venues, [venueIds.at(-1)!]: true },
    });
    expect(readSettings({ ...chosen, venues: { ...chosen.venues, sixth: false } })).toEqual(
      readSettings(chosen),
    );
  });

  it('read no site that is a name of objects', () => {
    expect(siteSettings(defaultSettings, 'toString')).toEqual(siteSettings(defaultSettings, 'x'));
  });
});

describe('settings of a site', () => {
  it('are those chosen there, and for all sites where none was', () => {
    const settings = readSettings({
      ...chosen,
      palette: 'viridis',
      sites: { ...chosen.sites, 'c.example': { opacity: 1 } },
    });
    const { window, mode, tiers, levelsPerSide, opacity, palette } = chosen.sites['a.example'];
    expect(settingsAt(settings, 'a.example')).toEqual({
      ...settings,
      window,
      mode,
      tiers,
      levelsPerSide,
      opacity,
      palette,
    });
    expect(settingsAt(settings, 'b.example')).toEqual(settings);
    expect(settingsAt(settings, 'c.example')).toEqual({ ...settings, opacity: 1 });
  });
});

describe('a change', () => {
  it('made for all sites hold on those too that had one of their own; the rest of a site stays', () => {
    const stored = {
      mode: 'bands',
      sites: { 'a.example': { mode: 'profile', window: '7d', corner: 'top-right' } },
    };
    const after = readSettings(changed(stored, { mode: 'levels' }));
    expect(after.mode).toBe('levels');
    expect(after.sites['a.example']).toMatchObject({ window: '7d', corner: 'top-right' });
    expect(after.sites['a.example']!.mode).toBeUndefined();
  });

  it('changes what it names and keeps what this version cannot read', () => {
    const stored = { ...chosen, venues: { ...chosen.venues, sixth: false }, later: { a: 1 } };
    const after = changed(stored, {
      threshold: 0.4,
      venues: { [venueIds[1]]: false },
      sites: { 'a.example': { symbol: null }, 'c.example': { corner: 'top-right' } },
    });
    expect(after).toEqual({
      ...stored,
      threshold: 0.4,
      venues: { ...stored.venues, [venueIds[1]]: false },
      sites: {
        ...chosen.sites,
        'a.example': { ...chosen.sites['a.example'], symbol: null },
        'c.example': { corner: 'top-right' },
      },
    });
    expect(readSettings(after).sites['a.example']!.symbol).toBeUndefined();
  });

  it('mends what was broken where it is named', () => {
    const after = readSettings(
      changed(
        { venues: 5, tiers: 'x', sites: [] },
        { venues: { [venueIds[0]]: false }, sites: { a: { enabled: false } } },
      ),
    );
    expect(after.venues).toEqual({ ...defaultSettings.venues, [venueIds[0]]: false });
    expect(after.tiers).toEqual(defaultSettings.tiers);
    expect(after.sites.a!.enabled).toBe(false);
  });

  it.each([
    {},
    { window: '7d', opacity: 0.1 },
    { venues: { [venueIds[0]]: false }, tiers: [true, true, true, true, false] },
    { sites: { 'a.example': { symbol: null, panel: 'folded' } } },
  ])('may be %j', (change) => expect(problemOf(change)).toBeUndefined());

  it.each([
    [{ window: '8d' }, 'window'],
    [{ opacity: 7 }, 'opacity'],
    [{ nothing: 1 }, 'nothing'],
    [{ __proto__: null, toString: 1 }, 'toString'],
    [{ venues: { nowhere: true } }, 'nowhere'],
    [{ venues: { [venueIds[0]]: 'no' } }, venueIds[0]],
    [{ tiers: [true] }, 'tiers'],
    [{ sites: { 'a.example': { symbol: '<b>' } } }, 'symbol'],
  ])('may not be %j', (change, key) => expect(problemOf(change)).toBe(key));
});
