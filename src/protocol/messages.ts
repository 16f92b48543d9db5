import { flag, list, nullable, type Of, object, positive, text, variant } from './form';
import { CanonicalSymbol } from './names';
import { HistoryView, MapView, PositionLines, Tick } from './view';

/**
 * Everything that crosses a context. Pages keep one port named `watchPort` open while they show a chart; the worker
 * answers on it. A port that closes means the worker went away: connect again.
 */

export const watchPort = 'watch';

export const mostPositions = 100;

/** Worker → page on the port. */
export const WatchReply = variant({
  /** By the venue's own list the page shows another market than it asked for; what follows is of this one. */
  market: { symbol: CanonicalSymbol, multiplier: positive },
  map: { view: MapView },
  tick: { tick: Tick },
  history: { history: HistoryView },
  /** Kept positions in the symbol that the user wants drawn, all of them each time; none is said once there were some. */
  positions: { symbol: text(), positions: list(PositionLines, mostPositions) },
  /** There is no such market to draw from, with the reason in words; it may be asked for again after `lookAgainMs`. */
  unknown: { symbol: text(), reason: text() },
});
export type WatchReply = Of<typeof WatchReply>;

/** One-shot requests: name → reply. A request is `{ type: name }` with what its comment says. */
export const replies = {
  /** Popup → content scripts of the tab in front. */
  pageStatus: object({
    host: text(),
    symbol: nullable(text()),
    /** What the page itself says it shows, whatever the user picked. */
    told: nullable(text()),
    /** Why nothing is drawn, in words; empty while drawing. */
    note: text(),
    drawing: flag,
    tick: nullable(Tick),
  }),
  /** Popup → worker: the symbols that the venues' lists at hand name, in order. */
  symbols: object({ symbols: list(text()) }),
  /** Content script → worker: the settings, of `sites` only its own; to be read by `readSettings`. */
  pageSettings: object({}),
  /** Everybody → worker, with a `change: SettingsChange`; empty once it is stored, else why not. */
  changeSettings: object({ problem: text() }),
};
export type RequestName = keyof typeof replies;
export type Reply<N extends RequestName> = Of<(typeof replies)[N]>;

/** Worker → content scripts: the settings are others now; ask for them. */
export const settingsChanged = 'settingsChanged';
