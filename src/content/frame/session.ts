import { freshnessOf } from '../../paint/theme';
import { lookAgainMs, mostNativeName } from '../../protocol/limits';
import type { WatchReply } from '../../protocol/messages';
import type { Settings, SiteSettings } from '../../protocol/settings';
import type { Reference } from '../axis/identity';
import { parseNumber } from '../axis/parse-number';
import { rateLimit } from '../axis/rate-limit';
import type { PageParts } from '../finder/page-parts';
import type { Page } from '../finder/page-symbol';
import { heatPartsHere } from '../overlay/brought';
import { asOf, type EstimateState, priceOf } from '../overlay/estimate-state';
import type { PageSymbol } from '../sites/site';

/** What this frame does about the symbol that its page shows. */
export type SessionState =
  /** Switched off on this host, or the user's choices are not known yet. */
  | { name: 'off' }
  /** The page names no symbol, or one that there is no market of, with the worker's reason; since when, on the page's clock. */
  | { name: 'unknown'; symbol: PageSymbol | undefined; reason: string; since: number }
  /** No chart needs the estimate: nothing is asked of the worker. */
  | { name: 'waiting'; symbol: PageSymbol }
  /** The worker tells the estimate. Without a connection while the page is out of sight. */
  | {
      name: 'watching';
      symbol: PageSymbol;
      estimate: EstimateState;
      connection: AbortController | undefined;
    };

export interface SessionEvents {
  /** The estimate or the state changed. `firstPrice`: what the symbol costs is known from now on. */
  changed(firstPrice: boolean): void;
  /** The extension was updated or removed. */
  orphaned(): void;
}

/** Where a page goes through symbols without pause, nothing is asked for a moment. */
const watchesPerSecond = 1;
const watchesAtOnce = 8;

/** What the worker is asked depends on these. */
const isAskedOtherwise = (one: Settings, other: Settings): boolean =>
  one.window !== other.window ||
  one.observed !== other.observed ||
  (one.mode === 'heatmap') !== (other.mode === 'heatmap');

const isSameSymbol = (one: PageSymbol | undefined, other: PageSymbol | undefined): boolean =>
  JSON.stringify(one) === JSON.stringify(other);

/** The readings of the price in a page's title. */
const titledPrices = ({ lastPrice }: Page): number[] =>
  lastPrice === undefined
    ? []
    : [false, true].flatMap((dotGroups) => parseNumber(lastPrice, dotGroups)?.value ?? []);

/** One frame's symbol, from the page that names it to the worker that tells its estimate. */
export class Session {
  #state: SessionState = { name: 'off' };
  #page: Page | undefined;
  #site: SiteSettings | undefined;
  /** What holds on the page's host. */
  #settings: Settings | undefined;
  /** What the title may say that the chart's last price is. */
  #titled: readonly number[] = [];
  #isPaused = false;
  readonly #mayWatch = rateLimit(watchesPerSecond, watchesAtOnce, () => performance.now());

  constructor(
    private readonly parts: PageParts,
    readonly events: SessionEvents,
  ) {}

  get state(): SessionState {
    return this.#state;
  }

  get page(): Page | undefined {
    return this.#page;
  }

  /** What the page shows in place of a market that can be drawn, where its site tells. */
  get foreign(): ReturnType<PageParts['foreignAt']> {
    return this.#page && this.parts.foreignAt(this.#page);
  }

  get symbol(): PageSymbol | undefined {
    return this.#state.name === 'off' ? undefined : this.#state.symbol;
  }

  get estimate(): EstimateState | undefined {
    return this.#state.name === 'watching' ? this.#state.estimate : undefined;
  }

  /** Choices for the page's host; undefined until page and settings are known. */
  get site(): SiteSettings | undefined {
    return this.#site;
  }

  get mode(): Settings['mode'] | undefined {
    return this.#settings?.mode;
  }

  /** The symbol and its price in the unit of the page's chart, where known. */
  get reference(): Reference | undefined {
    const { estimate } = this;
    const price = estimate && priceOf(estimate);
    if (price === undefined) return undefined;
    const { symbol, multiplier } = estimate!.symbol;
    return { symbol, price: price * multiplier, titled: this.#titled };
  }

  /** Takes over what the page now is and what the user now wants. */
  settle(page: Page | undefined, stored: Settings | undefined): void {
    const { siteSettings, settingsAt, pageSymbol } = this.parts;
    const before = this.#settings;
    const state = this.#state;
    this.#page = page;
    this.#titled = page ? titledPrices(page) : [];
    this.#site = page && stored && siteSettings(stored, page.host);
    const settings = page && stored && settingsAt(stored, page.host);
    this.#settings = settings;
    if (!page || !settings || !this.#site!.enabled) {
      this.#enter({ name: 'off' });
      return;
    }
    const symbol = pageSymbol(page, settings);
    if (!symbol) this.#enter({ name: 'unknown', symbol, reason: '', since: performance.now() });
    else if (
      state.name === 'off' ||
      !isSameSymbol(symbol, state.symbol) ||
      isAskedOtherwise(before!, settings)
    )
      this.#enter({ name: 'waiting', symbol });
    else if (JSON.stringify(before) !== JSON.stringify(settings)) this.#change({ settings });
  }

  /** A chart needs the estimate. */
  watch(): void {
    const state = this.#state;
    if (state.name !== 'waiting' || !this.#mayWatch()) return;
    const { symbol } = state;
    const estimate: EstimateState = {
      symbol,
      settings: this.#settings!,
      view: undefined,
      tick: undefined,
      heat: undefined,
      positions: [],
      disconnected: false,
      freshness: 'fresh',
    };
    this.#enter({ name: 'watching', symbol, estimate, connection: undefined });
    this.#connect();
  }

  /** No chart needs the estimate any more. */
  rest(): void {
    const { symbol } = this;
    if (symbol) this.#enter({ name: 'waiting', symbol });
  }

  /** The page went out of sight, or is kept for the back button: the worker is left in peace, what is known stays. */
  pause(): void {
    this.#isPaused = true;
    if (this.#state.name !== 'watching') return;
    this.#state.connection?.abort();
    this.#state.connection = undefined;
  }

  resume(): void {
    this.#isPaused = false;
    if (this.#state.name === 'watching' && !this.#state.connection) this.#connect();
  }

  /** Data grows old without a message: the worker may be the one that died. */
  grow(): void {
    const state = this.#state;
    // What was listed nowhere may be by now.
    if (state.name === 'unknown' && state.symbol && performance.now() - state.since > lookAgainMs)
      this.#enter({ name: 'waiting', symbol: state.symbol });
    this.#change({});
  }

  #enter(state: SessionState): void {
    if (this.#state.name === 'watching') this.#state.connection?.abort();
    this.#state = state;
  }

  #connect(): void {
    const state = this.#state;
    if (this.#isPaused || state.name !== 'watching') return;
    const { symbol, estimate } = state;
    const { settings } = estimate;
    const connection = new AbortController();
    state.connection = connection;
    this.parts.watchSymbol(
      {
        type: 'watch',
        symbol: symbol.symbol,
        window: settings.window,
        history: settings.mode === 'heatmap',
        observed: settings.observed,
        venue: symbol.venue,
        native: symbol.native?.slice(0, mostNativeName),
      },
      {
        reply: (reply) => this.#hear(reply, symbol),
        lost: () => this.#change({ disconnected: true }),
        orphaned: () => this.events.orphaned(),
      },
      connection.signal,
    );
  }

  #hear(reply: WatchReply, symbol: PageSymbol): void {
    const shown = this.estimate?.symbol;
    if (reply.type === 'market') {
      // The page's name stays what it is: only what is drawn is another market.
      this.#change({ symbol: { ...symbol, symbol: reply.symbol, multiplier: reply.multiplier } });
    } else if (reply.type === 'unknown') {
      this.#enter({ name: 'unknown', symbol, reason: reply.reason, since: performance.now() });
      this.events.changed(false);
    } else if (reply.type === 'map' && reply.view.symbol === shown?.symbol) {
      this.#change({ view: reply.view, disconnected: false });
    } else if (reply.type === 'tick' && reply.tick.symbol === shown?.symbol) {
      const { tick } = reply;
      this.#change({ tick, disconnected: false, ...(tick.refused && { view: undefined, heat: undefined }) });
    } else if (reply.type === 'positions' && reply.symbol === shown?.symbol) {
      this.#change({ positions: reply.positions });
    } else if (reply.type === 'history' && reply.history.symbol === shown?.symbol) {
      this.#change({ heat: heatPartsHere()?.readHeat(reply.history, this.estimate?.heat) });
    }
  }

  /** Replaces parts of the estimate; a tick that moves nothing on the chart changes it in place and costs no redraw. */
  #change(parts: Partial<EstimateState>): void {
    const state = this.#state;
    if (state.name !== 'watching') return;
    const before = state.estimate;
    const next = { ...before, ...parts };
    const time = asOf(next);
    next.freshness = freshnessOf(time === undefined ? 0 : Date.now() - time, next.tick?.isDoubtful);
    const isSame =
      next.view === before.view &&
      next.heat === before.heat &&
      next.positions === before.positions &&
      next.settings === before.settings &&
      next.freshness === before.freshness &&
      priceOf(next) === priceOf(before);
    if (isSame) {
      Object.assign(before, next);
      return;
    }
    state.estimate = next;
    this.events.changed(priceOf(before) === undefined && priceOf(next) !== undefined);
  }
}
