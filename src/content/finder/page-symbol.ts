import { type Settings, siteSettings } from '../../protocol/settings';
import { everySecond } from '../axis/every-second';
import { keepListening } from '../axis/keep-listening';
import { symbolAt, titlePrice } from '../sites';
import { type PageClues, type PageSymbol, pageOfPair } from '../sites/site';

/** Which page the chart in this frame belongs to, and what that page shows. */

export interface Page extends PageClues {
  host: string;
  /** What the charting library in this frame calls its symbol. */
  named?: string | undefined;
  /** Last price of the page's chart as its title has it. */
  lastPrice?: string | undefined;
}

/**
 * The outermost page this frame may look at. Frames without an address of their own (about:blank, blob:, srcdoc) and
 * frames of the page's own origin see the page; others see themselves.
 */
export function currentPage(): Page | undefined {
  const known: { href: string; title: string }[] = [];
  for (let frame: Window = window; ; frame = frame.parent) {
    try {
      known.push({ href: frame.location.href, title: frame.document.title });
    } catch {
      break; // another origin from here on up
    }
    if (frame === frame.parent) break;
  }
  // The outermost first: an exchange's chart frame repeats the symbol, but only the page's address is known to be right.
  for (const { href, title } of known.toReversed()) {
    const url = URL.parse(href);
    if (url?.protocol === 'https:')
      return { url, title, host: url.hostname, lastPrice: titlePrice({ url, title }) };
  }
  return undefined;
}

/**
 * What the page's site tells, or the symbol picked by hand in place of just that. A page with several charts has each in
 * a frame of its own, whose library knows better which coin it shows.
 */
export function pageSymbol(page: Page, settings: Settings): PageSymbol | undefined {
  const { symbol, insteadOf } = siteSettings(settings, page.host);
  const ofPage = symbolAt(page);
  const ofChart = page.named === undefined ? undefined : pageOfPair(page.named.split(':').pop());
  const told = ofChart && ofChart.symbol !== ofPage?.symbol ? ofChart : ofPage;
  return symbol && insteadOf === told?.symbol ? pageOfPair(symbol) : told;
}

/** Calls back whenever address or title of the page may have changed: these sites never reload. */
export function onPageChange(changed: () => void, signal: AbortSignal): void {
  let top: Window = window;
  try {
    // A frame of the same origin follows its page.
    if (window.top?.document) top = window.top;
  } catch {}
  let last = '';
  const check = () => {
    let now: string;
    try {
      now = `${top.location.href}\n${top.document.title}`;
    } catch {
      return; // the page went elsewhere; this frame goes with it
    }
    if (now === last) return;
    last = now;
    changed();
  };
  check();
  // Tells of pushState too, where the browser has it.
  (top as { navigation?: EventTarget }).navigation?.addEventListener('currententrychange', check, { signal });
  const titles = new MutationObserver(check);
  const watchTitle = () => {
    if (top.document.head)
      titles.observe(top.document.head, { subtree: true, childList: true, characterData: true });
    else top.addEventListener('DOMContentLoaded', watchTitle, { signal, once: true });
  };
  keepListening(() => {
    top.addEventListener('popstate', check, { signal });
    top.addEventListener('hashchange', check, { signal });
    watchTitle();
  }, signal);
  everySecond(check, signal);
  signal.addEventListener('abort', () => titles.disconnect());
}
