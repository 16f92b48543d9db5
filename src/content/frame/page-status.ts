import type { Reply } from '../../protocol/messages';
import type { Chart } from '../axis/chart';
import type { PageParts } from '../finder/page-parts';
import type { Drawings } from './drawings';
import { reasonOf } from './reason';
import type { Session } from './session';

type PageStatus = Reply<'pageStatus'>;

/** The popup asks all frames at once and takes the first answer: those without a chart hold theirs back. */
const withoutChartMs = 150;

type Answer = (reply: PageStatus) => void;

/**
 * Answers the popup's question what this page shows and why nothing is drawn, from now on.
 *
 * @returns the same for a question that was asked before
 */
export function answerPopup(
  { symbolAt }: PageParts,
  session: Session,
  charts: () => Iterable<Chart>,
  drawings: Drawings,
): (answer: Answer) => void {
  const status = (): PageStatus => ({
    host: session.page!.host,
    symbol: (session.estimate ?? session).symbol?.symbol ?? null,
    told: symbolAt(session.page!)?.symbol ?? null,
    note: reasonOf(session, charts(), drawings),
    drawing: drawings.chart !== undefined,
    tick: session.estimate?.tick ?? null,
  });
  chrome.runtime.onMessage.addListener((message: unknown, _sender, answer: Answer) => {
    const isAsked = (message as { type?: unknown } | null)?.type === 'pageStatus';
    const hasChart = [...charts()].length > 0;
    if (!isAsked || !session.page || (!hasChart && window !== window.top)) return;
    if (hasChart) {
      answer(status());
      return;
    }
    setTimeout(() => answer(status()), withoutChartMs);
    return true;
  });
  return function tell(answer) {
    setTimeout(() => (session.site ? answer(status()) : tell(answer)), withoutChartMs);
  };
}
