import * as z from 'zod/mini';
import { alertKinds } from '../engine/records';
import { symbolPattern } from '../venues/symbols';

/** What the user wants to be told of, and where. It stays in the extension's own database: there are secrets in it. */

export { alertKinds };

export const mostPinned = 8;

const minute = z.int().check(z.minimum(0), z.maximum(1439));

export const AlertChoices = z.object({
  /** Symbols looked at while no chart is open. */
  pinned: z.catch(z.array(z.string().check(z.regex(symbolPattern))).check(z.maxLength(mostPinned)), []),
  /** Kinds that are told. */
  kinds: z.catch(z.array(z.enum(alertKinds)), [...alertKinds]),
  /** Nothing is told between these minutes of the day; past midnight where `from` is later than `to`. */
  quiet: z.catch(z.nullable(z.object({ from: minute, to: minute })), null),
  sound: z.catch(z.boolean(), false),
  /** Where each alert is sent too; null: nowhere. */
  webhook: z.catch(
    z.nullable(
      z.object({
        url: z.string().check(z.regex(/^https:\/\/[^\s/]+\/\S*$/), z.maxLength(500)),
        format: z.enum(['json', 'discord', 'slack']),
      }),
    ),
    null,
  ),
  telegram: z.catch(
    z.nullable(
      z.object({
        token: z.string().check(z.regex(/^\d{3,15}:[\w-]{20,60}$/)),
        chat: z.string().check(z.regex(/^(@\w{3,40}|-?\d{3,20})$/)),
      }),
    ),
    null,
  ),
});
export type AlertChoices = z.infer<typeof AlertChoices>;

/** Hosts that alerts are sent to. */
export const alertHosts = ({ webhook, telegram }: Pick<AlertChoices, 'webhook' | 'telegram'>): string[] => [
  ...(webhook ? [new URL(webhook.url).hostname] : []),
  ...(telegram ? ['api.telegram.org'] : []),
];

/** An alert that was told. */
export const ToldAlert = z.object({
  time: z.number(),
  symbol: z.string(),
  kind: z.enum(alertKinds),
  text: z.string(),
  /** What went wrong on the way to the user's own addresses, in words; empty when nothing did. */
  problem: z.string(),
});
export type ToldAlert = z.infer<typeof ToldAlert>;
