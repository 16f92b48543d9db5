import type { Reply } from '../../protocol/messages';
import type { Chart } from '../axis/chart';
import type { PageParts } from '../finder/page-parts';
import { withExtras } from '../overlay/brought';
import type { Drawings } from './drawings';
import type { Session } from './session';

/** The popup asks all frames at once and takes the first answer: those without a chart hold theirs back. */
const withoutChartMs = 150;

type Answer = (reply: Reply<'pageStatus'>) => void;

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
  const tell = (answer: Answer): void =>
    withExtras(({ statusOf }) => {
      const { page } = session;
      if (page) answer(statusOf(page.host, session, charts(), drawings.chart !== undefined, symbolAt(page)));
    });
  chrome.runtime.onMessage.addListener((message: unknown, _sender, answer: Answer) => {
    const isAsked = (message as { type?: unknown } | null)?.type === 'pageStatus';
    const hasChart = [...charts()].length > 0;
    if (!isAsked || !session.page || (!hasChart && window !== window.top)) return;
    if (hasChart) tell(answer);
    else setTimeout(tell, withoutChartMs, answer);
    return true;
  });
  return function tellSoon(answer) {
    setTimeout(() => (session.site ? tell(answer) : tellSoon(answer)), withoutChartMs);
  };
}
