import type { Settings, SiteSettings } from '../../protocol/settings';
import { t } from '../../ui/text';
import { Charts } from '../axis/charts';
import { everySecond } from '../axis/every-second';
import { keepListening } from '../axis/keep-listening';
import { ourHosts } from '../axis/our-hosts';
import type { Handover } from '../finder/handover';
import type { PageParts } from '../finder/page-parts';
import { withElements, withExtras } from '../overlay/brought';
import type { OwnPage } from '../overlay/card';
import type { DockedPanel } from '../overlay/docked-panel';
import { seldom } from '../overlay/estimate-layer';
import { showReloadNotice } from '../overlay/reload-notice';
import { Drawings } from './drawings';
import { once } from './once';
import { showsOther } from './other-drawings';
import { answerPopup } from './page-status';
import { Session } from './session';

/** A chart that is built anew needs the symbol's price at once: it stays known for a moment. */
const graceMs = 3000;

/** What stands in for a chart is brought after so many seconds without one that is drawn on. */
const patience = 2;

/** Where the extension was updated without a reload of the page, what an earlier one left behind, in whatever part of it. */
function removeRemains({ rootsOf }: PageParts): void {
  for (const root of rootsOf(document)) for (const each of root.querySelectorAll(ourHosts)) each.remove();
}

/**
 * One frame of a page, from its first script to its end: the session knows which symbol the page shows and what the
 * worker says of it, the charts where its prices are, the drawings put one on the other. Nothing is asked of the worker
 * before a chart with a readable axis is there.
 */
export function startFrame({ channel, takeOver, page }: Handover): void {
  removeRemains(page);
  const end = new AbortController();
  const lastWords = [t('panel_reload'), t('panel_closeNotice')] as const;
  let settings: Settings | undefined;
  /** What the charting library of this frame calls its symbol. */
  let named: string | undefined;

  const session = new Session(page, {
    changed(firstPrice) {
      if (firstPrice) charts.reread();
      else drawings.showAll();
    },
    orphaned: leave,
  });
  const charts: Charts = new Charts({
    channel,
    reference: () => session.reference,
    named(symbol) {
      named = symbol;
      settle();
    },
    heard: (source, message) => drawings.heard(source, message),
    changed(chart) {
      if (drawings.belongsOn(chart)) standIn.panel?.remove();
      drawings.changed(chart);
    },
    gone(chart) {
      drawings.remove(chart);
      setTimeout(() => drawings.count === 0 && !standIn.panel?.isShown && session.rest(), graceMs);
    },
  });
  const chooseForSite = (change: Partial<SiteSettings>): void =>
    page.changeSettings({ sites: { [session.page!.host]: change } });
  const drawings = new Drawings(session, charts.all, {
    moveTo: (corner) => chooseForSite({ corner }),
    leaveSite: () => chooseForSite({ enabled: false }),
    choose: chooseForSite,
    open: (wanted) => openPage(wanted, session),
  });
  const standIn = standInFor(session, charts, drawings, (panel) => chooseForSite({ panel }));
  const readElements = elementsReader(page, charts, drawings);
  let rests = 0; // seconds in which a chart was being moved
  const answer = answerPopup(page, session, charts.all, drawings);

  function settle(): void {
    const current = page.currentPage();
    session.settle(current && { ...current, named }, settings);
    drawings.showAll();
    standIn.panel?.refresh();
  }

  function leave(): void {
    if (end.signal.aborted) return;
    const wasSeen = drawings.count > 0 || standIn.panel?.isShown;
    end.abort();
    session.settle(undefined, undefined);
    charts.stop();
    standIn.panel?.remove();
    if (wasSeen) showReloadNotice(...lastWords);
  }

  followView(drawings, end.signal);
  followSight(session, settle, end.signal);
  everySecond(() => {
    if (!chrome.runtime?.id) return leave();
    if (document.hidden) return;
    session.grow();
    if (drawings.areMoving && ++rests % seldom > 0) return;
    drawings.refresh();
    standIn.refresh();
    readElements();
  }, end.signal);
  page.followSettings((changed) => {
    settings = changed;
    settle();
  }, end.signal);
  page.onPageChange(settle, end.signal);
  takeOver(answer);
}

/** What stands in for a chart that cannot be drawn on: brought once there has been none for a moment. */
function standInFor(
  session: Session,
  charts: Charts,
  drawings: Drawings,
  choose: (panel: SiteSettings['panel']) => void,
): { panel?: DockedPanel; refresh(): void } {
  let undrawn = 0; // seconds, all in all
  return {
    refresh() {
      if (!drawings.chart && ++undrawn > patience)
        withExtras(({ DockedPanel }) => {
          this.panel ??= new DockedPanel(session, charts.all, drawings, choose);
        });
      this.panel?.refresh();
    },
  };
}

/** Has the worker open a page of ours, in a tab of its own. */
function openPage(page: OwnPage, { estimate }: Session): void {
  const symbol = estimate?.symbol.symbol;
  chrome.runtime.sendMessage({ type: 'openPage', page, symbol }).catch(() => {});
}

/** Most charts write their axis on a canvas: what reads elements is brought where there is more to be seen. */
function elementsReader(page: PageParts, charts: Charts, drawings: Drawings): () => void {
  let isReading = false;
  return () => {
    if (isReading || !showsOther(page, drawings.chart)) return;
    withElements(({ followElements }) => {
      if (!isReading) charts.followElements(followElements);
      isReading = true;
    });
  };
}

/** What moves under the drawings without a chart being painted, and the pointer over them. */
function followView(drawings: Drawings, signal: AbortSignal): void {
  const first = { capture: true, passive: true, signal };
  const moveSoon = once(requestAnimationFrame, () => drawings.moved());
  // What a page makes up would let it ask for any level's figures.
  const point = (event: PointerEvent) => event.isTrusted && drawings.point(event.clientX, event.clientY);
  const press = (event: Event) => event.isTrusted && drawings.pressed(event.target);
  const key = (event: KeyboardEvent) => event.isTrusted && event.key === 'Escape' && drawings.pressed(null);
  keepListening(() => {
    window.addEventListener('scroll', moveSoon, first);
    window.addEventListener('resize', moveSoon, { passive: true, signal });
    document.addEventListener('fullscreenchange', moveSoon, { signal });
    document.addEventListener('pointermove', point, first);
    document.addEventListener('pointerdown', press, first);
    document.addEventListener('keydown', key, first);
  }, signal);
}

/** Pages that nobody sees, and those kept for the back button, hold no connection: it would die unnoticed. */
function followSight(session: Session, settle: () => void, signal: AbortSignal): void {
  const pause = ({ isTrusted }: Event): void => {
    if (isTrusted) session.pause();
  };
  const resume = ({ isTrusted }: Event): void => {
    if (!isTrusted || document.hidden) return;
    session.resume();
    settle();
  };
  const look = (event: Event): void => (document.hidden ? pause(event) : resume(event));
  if (document.hidden) session.pause();
  keepListening(() => {
    window.addEventListener('pagehide', pause, { signal });
    window.addEventListener('pageshow', resume, { signal });
    document.addEventListener('freeze', pause, { signal });
    document.addEventListener('resume', resume, { signal });
    document.addEventListener('visibilitychange', look, { signal });
  }, signal);
}
