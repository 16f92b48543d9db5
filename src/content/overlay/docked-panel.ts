import type { SiteSettings } from '../../protocol/settings';
import type { Chart } from '../axis/chart';
import { isInSight } from '../axis/in-sight';
import type { EstimateState } from './estimate-state';
import { createPanel, type StandInPanel } from './panel';
import { reasonOf, type Undrawn } from './reason';

/** What the frame knows of its symbol, and what can be asked of it. */
interface SymbolSession extends Pick<Undrawn, 'state' | 'foreign'> {
  site: SiteSettings | undefined;
  estimate: EstimateState | undefined;
  watch(): void;
  rest(): void;
}

/** A chart that is loading shows no panel for a moment, beside the one in which this script is brought. */
const graceMs = 1500;

/**
 * Whether this frame itself shows a chart, readable or not. A frame inside is asked itself: it knows more of what it
 * shows.
 */
function showsChart(charts: Iterable<Chart>): boolean {
  if ([...document.querySelectorAll('iframe')].some(isInSight)) return false;
  for (const { source, refusal } of charts) {
    const box = source.parentElement;
    if (refusal !== undefined && refusal !== 'hidden' && box && isInSight(box)) return true;
  }
  return [...document.querySelectorAll('canvas')].some(isInSight);
}

/** Whether a chart has shown to be another coin's, or in another currency: what is the symbol's does not belong on it. */
function isOthers(charts: Iterable<Chart>): boolean {
  for (const { identity, refusal } of charts)
    if (identity === 'other' || refusal === 'converted') return true;
  return false;
}

/** The panel that stands in while the page has a chart and nothing can be drawn on it. */
export class DockedPanel {
  #panel: StandInPanel | undefined;
  /** Since when there has been a chart that cannot be drawn on. */
  #undrawnSince: number | undefined;
  #wasFolded = true;

  constructor(
    private readonly session: SymbolSession,
    private readonly charts: () => Iterable<Chart>,
    private readonly drawings: { chart: Chart | undefined },
    private readonly choose: (panel: SiteSettings['panel']) => void,
  ) {}

  get isShown(): boolean {
    return this.#panel !== undefined;
  }

  remove(): void {
    this.#undrawnSince = undefined;
    this.#panel?.remove();
    this.#panel = undefined;
  }

  /** Looks whether the panel is wanted; called once a second. */
  refresh(): void {
    const { session, drawings } = this;
    const choice = session.site?.panel;
    const canBeTold = session.state.name === 'waiting' || session.state.name === 'watching';
    const isWanted = canBeTold && choice !== 'closed' && !drawings.chart;
    if (!isWanted || isOthers(this.charts()) || !showsChart(this.charts())) {
      const wasShown = this.isShown;
      this.remove();
      if (wasShown && canBeTold && !drawings.chart) session.rest();
      return;
    }
    this.#undrawnSince ??= performance.now();
    if (performance.now() - this.#undrawnSince < graceMs) return;
    const isFolded = choice === 'folded';
    // Only when it is being folded: a chart refused for its prices asks for them again, and would for ever.
    if (isFolded && !this.#wasFolded) session.rest();
    this.#wasFolded = isFolded;
    if (!isFolded) session.watch();
    this.#panel ??= createPanel(this.choose);
    this.#panel.show(
      session.estimate,
      reasonOf(session, this.charts(), drawings.chart !== undefined),
      isFolded,
    );
  }
}
