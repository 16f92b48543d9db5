import { venueIds } from '../venues';
import { flag, keys, list, type Of, oneOf, optional, or, recordOf, table, text, whole, within } from './form';
import { modes, opacities, palettes } from './looks';
import { CanonicalSymbol, WindowId } from './names';

/**
 * Everything the user can choose: one object in `storage.local` under `settings`, read key by key. What is missing, new
 * or broken is at its default and changes nothing beside it.
 */
export const settingsKey = 'settings';

export const VenueId = oneOf(...venueIds);
export type VenueId = Of<typeof VenueId>;
export const corners = ['top-left', 'top-right', 'bottom-left', 'bottom-right'] as const;
export type Corner = (typeof corners)[number];

const Mode = oneOf(...modes);
/** Which leverage tiers are shown, in the order of `tierLeverages`. */
const Tiers = list(flag, 5, 5);
/** Levels shown on each side of the price. */
const LevelsPerSide = whole(1, 6);
/** Of the strongest band. */
const Opacity = within(opacities.least, opacities.most);
const Palette = oneOf(...palettes);

/** What may be chosen for one site as well as for all. */
const siteChoices = ['window', 'mode', 'tiers', 'levelsPerSide', 'opacity', 'palette'] as const;

const siteReaders = {
  enabled: or(flag, true),
  /** Where the badge is wanted; without a choice it goes where there is room. */
  corner: or(optional(oneOf(...corners)), undefined),
  /** Chosen on the page: in place of what is chosen for all sites. */
  window: or(optional(WindowId), undefined),
  mode: or(optional(Mode), undefined),
  tiers: or(optional(Tiers), undefined),
  levelsPerSide: or(optional(LevelsPerSide), undefined),
  opacity: or(optional(Opacity), undefined),
  palette: or(optional(Palette), undefined),
  /** Whether the tooltip may come up. */
  tooltip: or(flag, true),
  /** What the user made of the panel that stands in where a chart cannot be drawn on. */
  panel: or(oneOf('open', 'folded', 'closed'), 'open'),
  /** A symbol picked by hand where page and title do not tell it. */
  symbol: or(optional(CanonicalSymbol), undefined),
  /** What the page said when the symbol was picked: on pages of the host that say something else it is not meant. */
  insteadOf: or(optional(text(40)), undefined),
};
/** Choices for one host name. */
const readSite = keys(siteReaders);
export type SiteSettings = ReturnType<typeof readSite>;

const venueReaders = Object.fromEntries(venueIds.map((id) => [id, or(flag, true)])) as Record<
  VenueId,
  ReturnType<typeof or<boolean>>
>;

const readers = {
  window: or(WindowId, '24h'),
  opacity: or(Opacity, 0.6),
  palette: or(Palette, 'viridis'),
  mode: or(Mode, 'levels'),
  /** Whether each venue is used. */
  venues: keys(venueReaders),
  tiers: or(Tiers, [true, true, true, true, true]),
  /** What is less than this part of the map's largest band is not shown. */
  threshold: or(within(0, 1), 0),
  levelsPerSide: or(LevelsPerSide, 3),
  /** Whether levels have their words beside them. */
  labels: or(flag, true),
  /** Positions seen on the venue that publishes them, beside the estimate; they cost requests. */
  observed: or(flag, false),
  sites: table(readSite),
};

/** Settings out of whatever is stored. */
export const readSettings = keys(readers);
export type Settings = ReturnType<typeof readSettings>;

export const defaultSettings: Settings = readSettings(undefined);

/** Settings of one host, with defaults where the user chose nothing. */
export const siteSettings = (settings: Settings, host: string): SiteSettings =>
  Object.hasOwn(settings.sites, host) ? settings.sites[host]! : readSite(undefined);

/** What holds on one host: the choices made there, and for all sites where none was. */
export function settingsAt(settings: Settings, host: string): Settings {
  const site = siteSettings(settings, host);
  const chosen = siteChoices.filter((name) => site[name] !== undefined).map((name) => [name, site[name]]);
  return { ...settings, ...Object.fromEntries(chosen) };
}

/** Some keys of an object; null takes one back to its default. */
type Some<T> = { [K in keyof T]?: T[K] | null | undefined };

/** What is to be chosen otherwise: only what is named changes. */
export type SettingsChange = Some<Omit<Settings, 'venues' | 'sites'>> & {
  venues?: Some<Settings['venues']> | undefined;
  sites?: Record<string, Some<SiteSettings>> | undefined;
};

const without = (record: unknown, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(recordOf(record)).filter(([name]) => !names.includes(name)));

/**
 * What is stored after a change. Keys that this version cannot read stay as they are.
 *
 * @example
 * changed(stored, { venues: { [id]: false }, sites: { [host]: { symbol: null } } })
 */
export function changed(
  stored: unknown,
  { venues, sites, ...rest }: SettingsChange,
): Record<string, unknown> {
  const before = recordOf(stored);
  // A choice made for all sites holds on those too that had one of their own.
  const forAll = siteChoices.filter((name) => name in rest);
  const sitesBefore = Object.fromEntries(
    Object.entries(recordOf(before.sites)).map(([host, site]) => [host, without(site, forAll)]),
  );
  return {
    ...before,
    ...rest,
    ...(before.sites !== undefined && { sites: sitesBefore }),
    ...(venues && { venues: { ...recordOf(before.venues), ...venues } }),
    ...(sites && {
      sites: {
        ...sitesBefore,
        ...Object.fromEntries(
          Object.entries(sites).map(([host, site]) => [host, { ...recordOf(sitesBefore[host]), ...site }]),
        ),
      },
    }),
  };
}

type Readers = Record<string, (value: unknown) => unknown>;

/** The first key of a part that there is none of, or whose value cannot be read back. */
function strange(part: unknown, known: Readers): string | undefined {
  return Object.entries(recordOf(part)).find(
    ([key, value]) =>
      !Object.hasOwn(known, key) || (value !== null && value !== undefined && known[key]!(value) !== value),
  )?.[0];
}

/** Whether a message's change names nothing but settings, with values they can have; the first that it does not. */
export function problemOf(change: unknown): string | undefined {
  const { venues, sites, ...rest } = recordOf(change);
  return (
    strange(rest, readers) ??
    strange(venues, venueReaders) ??
    Object.values(recordOf(sites)).flatMap((site) => strange(site, siteReaders) ?? [])[0]
  );
}
