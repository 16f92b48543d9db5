import * as z from 'zod/mini';
import { venueIds } from '../venues';
import { symbolPattern } from '../venues/symbols';

/** Everything the user can choose. One object in `storage.local` under `settings`; unknown or broken parts fall back. */

export const WindowId = z.enum(['12h', '24h', '7d', '30d']);
export const VenueId = z.enum(venueIds);
export type VenueId = z.infer<typeof VenueId>;
export const Corner = z.enum(['top-left', 'top-right', 'bottom-left', 'bottom-right']);
export type Corner = z.infer<typeof Corner>;

const Mode = z.enum(['levels', 'bands', 'profile', 'heatmap']);
/** Which leverage tiers are shown, in the order of `tierLeverages`. */
const Tiers = z.array(z.boolean()).check(z.length(5));

/** Choices for one host name. */
export const SiteSettings = z.object({
  enabled: z.catch(z.boolean(), true),
  /** Where the badge is wanted; without a choice it goes where there is room. */
  corner: z.catch(z.optional(Corner), undefined),
  /** Chosen on the page: in place of what is chosen for all sites. */
  window: z.catch(z.optional(WindowId), undefined),
  mode: z.catch(z.optional(Mode), undefined),
  tiers: z.catch(z.optional(Tiers), undefined),
  /** Whether the tooltip may come up. */
  tooltip: z.catch(z.boolean(), true),
  /** What the user made of the panel that stands in where a chart cannot be drawn on. */
  panel: z.catch(z.enum(['open', 'folded', 'closed']), 'open'),
  /** A symbol picked by hand where page and title do not tell it. */
  symbol: z.catch(z.optional(z.string().check(z.regex(symbolPattern))), undefined),
  /** What the page said when the symbol was picked: on pages of the host that say something else it is not meant. */
  insteadOf: z.catch(z.optional(z.string().check(z.maxLength(40))), undefined),
});
export type SiteSettings = z.infer<typeof SiteSettings>;

/** Whether each venue is used; one that is new or cannot be read is on, and the others stay as they are. */
const VenueSwitches = z.object(
  Object.fromEntries(venueIds.map((id) => [id, z.catch(z.boolean(), true)])) as Record<
    VenueId,
    z.ZodMiniCatch<z.ZodMiniBoolean>
  >,
);

export const Settings = z.object({
  window: z.catch(WindowId, '24h'),
  /** Opacity of the strongest band, 0.1–1. */
  opacity: z.catch(z.number().check(z.minimum(0.1), z.maximum(1)), 0.6),
  palette: z.catch(z.enum(['viridis', 'classic']), 'viridis'),
  mode: z.catch(Mode, 'levels'),
  venues: z.catch(VenueSwitches, VenueSwitches.parse({})),
  tiers: z.catch(Tiers, [true, true, true, true, true]),
  /** Positions seen on the venue that publishes them, beside the estimate; they cost requests. */
  observed: z.catch(z.boolean(), false),
  sites: z.catch(z.record(z.string(), SiteSettings), {}),
});
export type Settings = z.infer<typeof Settings>;

export const defaultSettings: Settings = Settings.parse({});

const defaultSite: SiteSettings = SiteSettings.parse({});

/** Settings of one host, with defaults where the user chose nothing. */
export function siteSettings(settings: Settings, host: string): SiteSettings {
  return settings.sites[host] ?? defaultSite;
}
