import { minuteMs } from '../../engine/time';
import type { PostProblem } from '../../feeds/net/post';
import type { AlertChoices, ToldAlert } from '../../protocol/alert-choices';

/** An outlet that failed is left alone for this long: nothing is tried again and again. */
const pauseMs = 10 * minuteMs;

type Message = Pick<ToldAlert, 'time' | 'symbol' | 'kind' | 'text'>;

export type OutletProblem = PostProblem | { kind: 'paused' };

/** Sends alerts to the user's own addresses, and nowhere else. */
export class Outlets {
  private readonly pausedUntil = new Map<string, number>();

  constructor(
    private readonly post: (url: string, body: unknown) => Promise<PostProblem | undefined>,
    private readonly now: () => number,
    /** What went wrong, in the user's language. */
    private readonly words: (problem: OutletProblem) => string,
  ) {}

  /** @returns what went wrong, in words; empty when nothing did or nothing is wanted */
  async send(message: Message, choices: AlertChoices, isTest = false): Promise<string> {
    const problems = await Promise.all(
      requestsOf(message, choices).map(async ({ name, url, body }) => {
        if (!isTest && (this.pausedUntil.get(url) ?? 0) > this.now())
          return `${name}: ${this.words({ kind: 'paused' })}`;
        const problem = await this.post(url, body);
        if (problem) this.pausedUntil.set(url, this.now() + pauseMs);
        else this.pausedUntil.delete(url);
        return problem && `${name}: ${this.words(problem)}`;
      }),
    );
    return problems.filter(Boolean).join(' · ');
  }
}

function requestsOf(
  { time, symbol, kind, text }: Message,
  { webhook, telegram }: AlertChoices,
): { name: string; url: string; body: unknown }[] {
  const line = `${symbol}: ${text}`;
  const bodies = { json: { time, symbol, kind, text }, discord: { content: line }, slack: { text: line } };
  return [
    ...(webhook ? [{ name: 'Webhook', url: webhook.url, body: bodies[webhook.format] }] : []),
    ...(telegram
      ? [
          {
            name: 'Telegram',
            url: `https://api.telegram.org/bot${telegram.token}/sendMessage`,
            body: { chat_id: telegram.chat, text: line },
          },
        ]
      : []),
  ];
}
