import { minuteMs } from '../../engine/time';

/** A clock that jumps by more than this did not run on. */
const jumpMs = 600_000;
/** A clock read from messages runs unevenly by less than this. */
const unevenMs = minuteMs;
/** More breaks than this in a month are not worth remembering. */
const mostSpans = 500;

/** From when until when, ms, both included. */
export type Span = [from: number, to: number];

/** When a stream was heard without a break, across the worker's lives. */
export class HeardSpans {
  private spans: Span[] = [];
  /** Whether the newest span goes on. */
  private goesOn = false;

  /** The stream lives at this moment, ms by the venue's clock. */
  hear(time: number): void {
    const newest = this.spans.at(-1);
    // The clock was set back.
    if (newest && time < newest[1] - unevenMs) this.loseFrom(time);
    const last = this.spans.at(-1);
    if (last && this.goesOn && time - last[1] <= jumpMs) {
      last[1] = Math.max(last[1], time);
      return;
    }
    // A break within one moment of an uneven clock is a break: what comes next begins once that moment is over.
    if (last && time <= last[1]) return;
    this.goesOn = true;
    this.spans.push([time, time]);
    if (this.spans.length > mostSpans) this.spans.shift();
  }

  /** The stream broke: what comes next begins a new span. */
  cut(): void {
    this.goesOn = false;
  }

  /** What was said to be heard from `time` on was not. */
  loseFrom(time: number): void {
    this.goesOn = false;
    this.spans = this.spans
      .filter(([from]) => from < time)
      .map(([from, to]): Span => [from, Math.min(to, time)]);
  }

  /** What happened at `time` was not kept. */
  lose(time: number): void {
    this.spans = this.spans.flatMap(([from, to]): Span[] =>
      time < from || time > to
        ? [[from, to]]
        : ([
            [from, time - 1],
            [time + 1, to],
          ].filter(([a, b]) => a! <= b!) as Span[]),
    );
  }

  covers(from: number, to: number): boolean {
    return this.spans.some((span) => span[0] <= from && span[1] >= to);
  }

  /** Forgets spans that ended before `time`. */
  forget(time: number): void {
    this.spans = this.spans.filter(([, to]) => to >= time);
  }

  /** What an earlier life kept goes before what this one has heard; whatever is no span is left out. */
  recall(stored: unknown): void {
    if (!Array.isArray(stored)) return;
    const before = this.spans[0]?.[0] ?? Number.POSITIVE_INFINITY;
    const earlier = stored.filter(
      (span): span is Span =>
        Array.isArray(span) && span.length === 2 && span.every(Number.isFinite) && span[0] <= span[1],
    );
    this.spans = [...earlier.filter(([, to]) => to < before), ...this.spans].slice(-mostSpans);
  }

  /** To be kept. */
  get all(): readonly Readonly<Span>[] {
    return this.spans;
  }
}
