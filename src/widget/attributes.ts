import { type WindowId, windowIds } from '../engine/records';
import type { Palette } from '../paint/theme';
import { palettes } from '../protocol/looks';
import type { Speak } from '../ui/languages';
import { type VenueId, venueIds } from '../venues';
import { marketNamed } from '../venues/symbols';

/** What each attribute may be that is one of a few words. */
const choices = {
  window: windowIds,
  mode: ['levels', 'bands', 'map', 'heatmap'],
  theme: ['auto', 'light', 'dark'],
  palette: palettes,
} as const satisfies Record<string, readonly string[]>;
type Choice = keyof typeof choices;

/** What stands where nothing is written. */
const unwritten = { window: '24h', mode: 'levels', theme: 'auto', palette: 'viridis' } as const;

const lowest = 160;
const highest = 2000;

/** The height that is written as `420` or `420px`; undefined where it is none. */
export function heightOf(written: string | null): number | undefined {
  const height = Number((written ?? '').trim().replace(/px$/, '') || Number.NaN);
  return height >= lowest && height <= highest ? height : undefined;
}

/** What the page's author wrote on the element, checked. */
export interface Attributes {
  /** Canonical name of the market. */
  symbol: string;
  window: WindowId;
  mode: (typeof choices.mode)[number];
  theme: (typeof choices.theme)[number];
  palette: Palette;
  /** Venues to ask, where no snapshot is given. */
  venues: readonly VenueId[];
  /** CSS pixels; absent: the page's style decides. */
  height?: number;
  /** Absolute address of a snapshot; absent: the venues are asked. */
  src?: string;
  /** Absolute address of a page on how the map is made. */
  about?: string;
}

/** Those that are properties of the element too; `lang` every element has. */
export const attributeNames = [
  'symbol',
  'window',
  'mode',
  'theme',
  'palette',
  'venues',
  'height',
  'src',
  'about',
] as const;
export type AttributeName = (typeof attributeNames)[number];

/**
 * Reads the attributes of an element.
 *
 * @param base address that a relative `src` starts from
 * @returns the attributes, or a sentence that names the first one that is wrong and what it may be
 */
export function readAttributes(
  element: Pick<Element, 'getAttribute'>,
  base: string,
  speak: Speak,
): Attributes | string {
  const written = (name: AttributeName) => element.getAttribute(name) ?? undefined;
  const complaints: string[] = [];
  const choice = <N extends Choice>(name: N): (typeof choices)[N][number] => {
    const allowed: readonly string[] = choices[name];
    const word = written(name) ?? unwritten[name];
    if (!allowed.includes(word)) complaints.push(speak('widget_badChoice', name, word, allowed.join(', ')));
    return word as (typeof choices)[N][number];
  };
  const address = (name: 'src' | 'about', allowed: RegExp) => {
    const text = written(name);
    if (text === undefined) return {};
    const url = text !== '' && URL.canParse(text, base) ? new URL(text, base) : undefined;
    if (url && allowed.test(url.protocol)) return { [name]: url.href };
    complaints.push(speak('widget_badAddress', name, text));
    return {};
  };
  const market = marketNamed(written('symbol') ?? '');
  if (!market) complaints.push(speak('widget_badSymbol', written('symbol') ?? ''));
  const venues = (written('venues') ?? venueIds.join()).split(/[\s,]+/).filter((id) => id !== '');
  const attributes: Attributes = {
    symbol: market?.symbol ?? '',
    window: choice('window'),
    mode: choice('mode'),
    theme: choice('theme'),
    palette: choice('palette'),
    venues: venues as VenueId[],
    ...address('src', /^(https?|blob|data|file):$/),
    ...address('about', /^https?:$/),
  };
  if (venues.length === 0 || !venues.every((id) => (venueIds as readonly string[]).includes(id)))
    complaints.push(speak('widget_badChoice', 'venues', written('venues') ?? '', venueIds.join(', ')));
  const height = heightOf(written('height') ?? null);
  if (height !== undefined) attributes.height = height;
  else if (written('height') !== undefined)
    complaints.push(speak('widget_badHeight', written('height')!, String(lowest), String(highest)));
  return complaints[0] ?? attributes;
}
