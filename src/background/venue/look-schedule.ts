import { slotOf } from '../../estimate/day-cells';
import { type Clock, sleep } from '../../feeds/net/pacing';

/** How soon after a look the next one comes when something happened meanwhile. */
const lookAgainMs = 1000;
/** New figures are asked for this long after a five-minute boundary, when venues have them. */
export const settleMs = 10_000;

/** When a venue is looked at next: after a wait, which ends early when something happened. */
export class LookSchedule {
  private endWait: (() => void) | undefined;
  private isDueAgain = false;
  /** The five minutes whose figures were last asked for. */
  private askedSlot = 0;

  constructor(private readonly clock: Clock) {}

  /** Resolves after `ms`, sooner when it is ended, or when the signal aborts. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    // What asked for another look while this one was under way gets it soon.
    const waitMs = this.isDueAgain ? Math.min(ms, lookAgainMs) : ms;
    await new Promise<void>((resolve) => {
      this.endWait = resolve;
      sleep(this.clock, waitMs, signal).then(resolve, resolve);
    });
    this.endWait = undefined;
    this.isDueAgain = false;
  }

  /** Ends a wait. While a look is under way, `again` says whether it is followed by another one soon. */
  end(again: boolean): void {
    if (this.endWait) this.endWait();
    else this.isDueAgain = again;
  }

  /** The figures of the five minutes before `time` (ms by the venue's clock) are being asked for. */
  ask(time: number): void {
    this.askedSlot = slotOf(time - settleMs);
  }

  /** Whether the figures of another five minutes can be had by now. */
  hasNewFigures(time: number): boolean {
    return this.askedSlot > 0 && slotOf(time - settleMs) > this.askedSlot;
  }
}
