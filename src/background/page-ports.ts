import type { Runtime } from 'webextension-polyfill';
import type { Venue } from '../feeds/feed';
import { fits } from '../protocol/form';
import { watchPort } from '../protocol/messages';
import type { Settings } from '../protocol/settings';
import type { MapView, PositionLines, Tick } from '../protocol/view';
import { WatchRequest } from '../protocol/watch-request';
import { type NamedMarket, spotName } from '../venues/symbols';
import { texts } from './browser/texts';
import type { Glance } from './symbol/alert-watch';
import type { Inside } from './symbol/detail';
import { Market } from './symbol/market';
import type { Watcher } from './symbol/publisher';
import type { MarketServices } from './symbol/services';

/** Feeds stay open this long after the last page left, so that a reload does not close them. */
const graceMs = 5_000;
/** A look for alerts may take this long. */
const glanceMs = 20_000;
/** Positions that could not be read are asked for again after this long. */
const positionsAgainMs = 30_000;
/** A symbol nobody has watched for this long is forgotten. */
const forgetMs = 600_000;
/** Ports open at a time, of one tab (a layout of charts has 16 frames) and of all: frames cost a page nothing. */
const mostOfTab = 32;
const mostPorts = 512;

/** What a page shows. */
interface Shown {
  market: NamedMarket;
  settings: Settings;
  /** Why nothing may be drawn on it, in words. */
  refused?: string;
  contract?: Watcher['contract'];
}

/** Brings pages and markets together: one market a symbol, however many pages watch it. */
export class PagePorts {
  private readonly markets = new Map<string, { market: Market; cancel: (() => void)[] }>();
  /** How many ports each tab has open; the extension's own pages count as one tab. */
  private readonly ports = new Map<number | undefined, number>();

  private readonly glanced = new Map<string, Market>();
  /** The symbol of each page that watches one, and whether it was told of positions. */
  private readonly watching = new Map<Watcher, { symbol: string; hasPositions: boolean }>();

  /** `settings` resolves once they are loaded; pages that come earlier wait for it. */
  constructor(
    private readonly venues: readonly Venue[],
    private readonly services: MarketServices,
    private settings: Promise<Settings>,
    /** Brings the heatmap's script into a page's frame; tells whether it is there. */
    private readonly bringHeatmap: (page: Runtime.MessageSender | undefined) => Promise<boolean>,
    /** The kept positions that are to be drawn on charts of a symbol. */
    private readonly drawnPositions: (symbol: string) => Promise<PositionLines[]> = () => Promise.resolve([]),
  ) {}

  /** A page has opened a port. */
  connect(port: Runtime.Port): void {
    if (port.name !== watchPort) return;
    const tab = port.sender?.tab?.id;
    if (!this.admit(tab)) {
      this.services.dropped.add('pages', 'more ports than a page needs');
      port.disconnect();
      return;
    }
    let watched: { symbol: string; watcher: Watcher } | undefined;
    let latest: WatchRequest | undefined;
    let gone = false;
    const leave = () => {
      if (watched) this.leave(watched.symbol, watched.watcher);
      watched = undefined;
    };
    port.onMessage.addListener((message: unknown) => {
      if (!fits(WatchRequest, message)) {
        this.services.dropped.add('pages', WatchRequest(message)!);
        return;
      }
      latest = message;
      void this.shown(message).then(({ market: shown, refused, contract, settings }) => {
        if (latest !== message) return;
        leave();
        if (gone) return;
        const { window, venue, observed, history } = message;
        const { symbol } = shown;
        const watcher: Watcher = {
          window,
          ...(venue && { venue }),
          ...(contract && { contract }),
          ...(observed && { observed }),
          send: (reply) => {
            // A page may vanish between two messages; its port then says so.
            if (!gone) port.postMessage(reply);
          },
        };
        const isNowhere = this.services.isUnlisted(this.switchedOn(settings), symbol);
        const reason = refused ?? (isNowhere ? texts.unlistedEverywhere(symbol) : undefined);
        if (reason) {
          watcher.send({ type: 'unknown', symbol, reason });
          return;
        }
        watched = { symbol, watcher };
        if (symbol !== message.symbol) watcher.send({ type: 'market', ...shown });
        const market = this.market(symbol, settings);
        market.watch(watcher);
        this.watching.set(watcher, { symbol, hasPositions: false });
        void this.tellPositions(watcher);
        if (!history) return;
        // Bands do not wait for the script that draws their past.
        void this.bringHeatmap(port.sender).then((isThere) => {
          if (!isThere || watched?.watcher !== watcher) return;
          watcher.history = true;
          market.watch(watcher);
        });
      });
    });
    port.onDisconnect.addListener(() => {
      gone = true;
      leave();
      const left = (this.ports.get(tab) ?? 1) - 1;
      if (left > 0) this.ports.set(tab, left);
      else this.ports.delete(tab);
    });
  }

  /** A position was kept, deleted, or is to be drawn or no more. */
  positionsChanged(): void {
    for (const watcher of this.watching.keys()) void this.tellPositions(watcher);
  }

  private async tellPositions(watcher: Watcher): Promise<void> {
    const told = this.watching.get(watcher);
    if (!told) return;
    // A database that cannot be read draws nothing anew, and is asked again.
    const positions = await this.drawnPositions(told.symbol).catch(() => undefined);
    if (this.watching.get(watcher) !== told) return;
    if (!positions) {
      this.services.clock.after(positionsAgainMs, () => void this.tellPositions(watcher));
      return;
    }
    if (positions.length === 0 && !told.hasPositions) return;
    told.hasPositions = positions.length > 0;
    watcher.send({ type: 'positions', symbol: told.symbol, positions });
  }

  /** Counts a port of a tab; false where it has too many. */
  private admit(tab: number | undefined): boolean {
    const ofTab = this.ports.get(tab) ?? 0;
    const all = [...this.ports.values()].reduce((sum, count) => sum + count, 0);
    if (ofTab >= mostOfTab || all >= mostPorts) return false;
    this.ports.set(tab, ofTab + 1);
    return true;
  }

  private switchedOn(settings: Settings): Venue[] {
    const on = switchedOn(settings);
    return this.venues.filter(({ id }) => on.has(id));
  }

  /**
   * The market that a page shows: on pages of a venue that is switched on by the venue's own list, elsewhere as the page
   * asks for it. A page whose prices are of another multiple of the same coin has said so itself. What a venue has no
   * perpetual of is refused there: under the same letters other venues may list something else.
   */
  private async shown({ symbol, venue: id, native }: WatchRequest): Promise<Shown> {
    const settings = await this.settings;
    const venue = id && settings.venues[id] ? this.venues.find((each) => each.id === id) : undefined;
    const found = venue && native ? await this.services.named(venue, native) : undefined;
    if (!venue || !native || !found) return { market: { symbol, multiplier: 1 }, settings };
    const { listed, ...market } = found;
    if (listed === undefined)
      return { market, settings, refused: texts.noPerpetual(venue, plainName(native)) };
    const isOther = letters(native) !== letters(listed);
    return { market, settings, ...(isOther && { contract: texts.contract(plainName(native), listed) }) };
  }

  /** The user changed something. */
  apply(settings: Settings): void {
    this.settings = Promise.resolve(settings);
    for (const { market } of this.markets.values()) market.setVenues(switchedOn(settings));
  }

  /** The store answers that did not before. */
  reload(): void {
    for (const { market } of this.markets.values()) market.reload();
    for (const market of this.glanced.values()) market.reload();
  }

  /** A permission was given, or the network came back. */
  retry(): void {
    for (const { market } of this.markets.values()) market.retry();
    this.services.accounts.retry();
  }

  /** The network is another one, perhaps: who did not serve the old address may serve the new one. */
  moved(): void {
    for (const { market } of this.markets.values()) market.moved();
  }

  /** The user wants a venue asked again, whatever it answered. */
  retryVenue(id: Venue['id']): void {
    for (const { market } of this.markets.values()) market.retryVenue(id);
  }

  /** Symbols that pages are watching. */
  watchedSymbols(): string[] {
    return [...this.markets.values()]
      .filter(({ market }) => market.watched > 0)
      .map(({ market }) => market.symbol);
  }

  /** What is known of a symbol beyond its map, while somebody watches it. */
  inside(symbol: string, venue?: Venue['id']): Inside | undefined {
    return this.markets.get(symbol)?.market.inside(venue);
  }

  /**
   * One look at a symbol: as pages show it, else by the leading venue alone, which is closed again at once.
   *
   * @returns undefined where there is no whole map within `glanceMs`
   */
  async glance(symbol: string): Promise<Glance | undefined> {
    const settings = await this.settings;
    const shown = this.markets.get(symbol)?.market;
    const isSeen = shown !== undefined && shown.watched > 0;
    const market = isSeen ? shown : this.alone(symbol, settings);
    return new Promise((resolve) => {
      let view: MapView | undefined;
      let tick: Tick | undefined;
      const watcher: Watcher = {
        window: '24h',
        send: (reply) => {
          if (reply.type === 'map' && !reply.view.provisional) view = reply.view;
          if (reply.type === 'tick') tick = reply.tick;
          if ((view && tick?.price) || reply.type === 'unknown') finish();
        },
      };
      const cancel = this.services.clock.after(glanceMs, () => finish());
      // Asked for within a message of the market, it ends after it.
      const finish = () => {
        cancel();
        this.services.clock.after(0, () => {
          market.unwatch(watcher);
          if (!isSeen) market.stop();
        });
        const inside = market.inside();
        resolve(view && tick && inside ? { view, tick, inside, isSeen } : undefined);
      };
      market.watch(watcher);
    });
  }

  /** The market by its leading venue alone; its maps are not those that pages show, and are not kept as such. */
  private alone(symbol: string, settings: Settings): Market {
    const known = this.glanced.get(symbol);
    const market = known ?? new Market(symbol, this.venues, { ...this.services, isBrief: true });
    this.glanced.set(symbol, market);
    const on = switchedOn(settings);
    const leading = this.venues.find(({ id }) => on.has(id));
    market.setVenues(new Set(leading ? [leading.id] : []));
    return market;
  }

  private market(symbol: string, settings: Settings): Market {
    const known = this.markets.get(symbol);
    if (known) {
      for (const cancel of known.cancel.splice(0)) cancel();
      return known.market;
    }
    const market = new Market(symbol, this.venues, this.services);
    market.setVenues(switchedOn(settings));
    this.markets.set(symbol, { market, cancel: [] });
    return market;
  }

  private leave(symbol: string, watcher: Watcher): void {
    this.watching.delete(watcher);
    const entry = this.markets.get(symbol);
    if (!entry) return;
    entry.market.unwatch(watcher);
    if (entry.market.watched > 0) return;
    const { clock } = this.services;
    entry.cancel.push(
      clock.after(graceMs, () => entry.market.stop()),
      clock.after(forgetMs, () => {
        entry.market.stop();
        this.markets.delete(symbol);
      }),
    );
  }
}

/** A market's name as a page shows it. */
const plainName = (native: string): string =>
  native.startsWith(spotName('')) ? `${native.slice(spotName('').length)} (spot)` : native;

/** What a name says of the contract, however it is written. */
const letters = (native: string): string => native.replace(/\.P$/i, '').replace(/[-_/]/g, '').toUpperCase();

function switchedOn(settings: Settings): ReadonlySet<Venue['id']> {
  const ids = Object.keys(settings.venues) as Venue['id'][];
  return new Set(ids.filter((id) => settings.venues[id]));
}
