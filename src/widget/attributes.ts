import * as z from 'zod/mini';
import { t } from '../ui/text';
import { marketNamed } from '../venues/symbols';

/** What the page's author wrote on the element, checked. */
export const Attributes = z.object({
  /** Canonical name of the market. */
  symbol: z.string(),
  window: z._default(z.enum(['12h', '24h', '7d', '30d']), '24h'),
  theme: z._default(z.enum(['auto', 'light', 'dark']), 'auto'),
  /** Absolute address of a snapshot; absent: the venues are asked. */
  src: z.optional(z.url()),
});
export type Attributes = z.infer<typeof Attributes>;

export const attributeNames = ['symbol', 'window', 'theme', 'src'] as const;

const complaints = {
  symbol: 'widget_badSymbol',
  window: 'widget_badWindow',
  theme: 'widget_badTheme',
  src: 'widget_badSource',
} as const;

/**
 * Reads the attributes of an element.
 *
 * @param base address that a relative `src` starts from
 * @returns the attributes, or a sentence that names the first one that is wrong and what it may be
 */
export function readAttributes(element: Pick<Element, 'getAttribute'>, base: string): Attributes | string {
  const written = (name: string) => element.getAttribute(name) ?? undefined;
  const src = written('src');
  const read = Attributes.safeParse({
    symbol: marketNamed(written('symbol') ?? '')?.symbol,
    window: written('window'),
    theme: written('theme'),
    src: src && (URL.canParse(src, base) ? new URL(src, base).href : src),
  });
  if (read.success && src !== '') return read.data;
  const wrong = read.success ? 'src' : (read.error.issues[0]?.path[0] as keyof typeof complaints);
  return t(complaints[wrong], written(wrong) ?? '');
}
