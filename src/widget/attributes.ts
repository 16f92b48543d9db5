import * as z from 'zod/mini';
import { windowIds } from '../engine/records';
import { t } from '../ui/text';
import { type VenueId, venueIds } from '../venues';
import { marketNamed } from '../venues/symbols';

/** What each attribute may be that is one of a few words. */
const choices = {
  window: windowIds,
  mode: ['levels', 'bands', 'map'],
  theme: ['auto', 'light', 'dark'],
  palette: ['viridis', 'classic'],
} as const;

const choice = <T extends string>(allowed: readonly T[], unwritten: NoInfer<T>) =>
  z._default(z.enum(allowed), unwritten as never);

const lowest = 160;
const highest = 2000;

const Height = z.number().check(z.minimum(lowest), z.maximum(highest));

/** The height that is written as `420` or `420px`; undefined where it is none. */
export function heightOf(written: string | null): number | undefined {
  const read = Height.safeParse(Number((written ?? '').trim().replace(/px$/, '') || Number.NaN));
  return read.data;
}

/** What the page's author wrote on the element, checked. */
const Attributes = z.object({
  /** Canonical name of the market. */
  symbol: z.string(),
  window: choice(choices.window, '24h'),
  mode: choice(choices.mode, 'levels'),
  theme: choice(choices.theme, 'auto'),
  palette: choice(choices.palette, 'viridis'),
  /** Venues to ask, where no snapshot is given. */
  venues: z._default(z.array(z.enum(venueIds)).check(z.minLength(1)), [...venueIds]),
  /** CSS pixels; absent: the page's style decides. */
  height: z.optional(Height),
  /** Absolute address of a snapshot; absent: the venues are asked. */
  src: z.optional(z.url()),
});
export type Attributes = z.infer<typeof Attributes>;

export const attributeNames = [
  'symbol',
  'window',
  'mode',
  'theme',
  'palette',
  'venues',
  'height',
  'src',
] as const;
export type AttributeName = (typeof attributeNames)[number];

function complaint(name: AttributeName, written: string): string {
  switch (name) {
    case 'symbol':
      return t('widget_badSymbol', written);
    case 'src':
      return t('widget_badSource', written);
    case 'height':
      return t('widget_badHeight', written, String(lowest), String(highest));
    case 'venues':
      return t('widget_badChoice', name, written, venueIds.join(', '));
    default:
      return t('widget_badChoice', name, written, choices[name].join(', '));
  }
}

/**
 * Reads the attributes of an element.
 *
 * @param base address that a relative `src` starts from
 * @returns the attributes, or a sentence that names the first one that is wrong and what it may be
 */
export function readAttributes(element: Pick<Element, 'getAttribute'>, base: string): Attributes | string {
  const written = (name: AttributeName) => element.getAttribute(name) ?? undefined;
  const src = written('src');
  const height = written('height');
  const read = Attributes.safeParse({
    symbol: marketNamed(written('symbol') ?? '')?.symbol,
    window: written('window'),
    mode: written('mode'),
    theme: written('theme'),
    palette: written('palette'),
    venues: written('venues')
      ?.split(/[\s,]+/)
      .filter((id) => id !== '') as VenueId[] | undefined,
    height: height === undefined ? undefined : (heightOf(height) ?? Number.NaN),
    src: src && (URL.canParse(src, base) ? new URL(src, base).href : src),
  });
  if (read.success && src !== '') return read.data;
  const wrong = read.success ? 'src' : (read.error.issues[0]?.path[0] as AttributeName);
  return complaint(wrong, written(wrong) ?? '');
}
