import type { AxisMessage, LibraryRange } from './axis-message';
import { Calibration, guessRuler, type Ruler } from './calibrate';
import { isConverted } from './currency';
import type { Scale } from './fit';
import { follow } from './follow';
import { type Identity, IdentityCheck, isTitledOtherwise, type Reference } from './identity';
import { ownRange, withLibrary } from './library-axis';
import { findPane, isAxisStrip, type Pane } from './pane';
import { type ColumnOptions, findPriceColumn, type PriceColumn, type Refusal } from './price-axis';
import type { Source } from './roots';

/** y from the pane's top = a + b·price or a + b·ln price; CSS pixels of the element's layout, the chart's own prices. */
export interface PaneAxis {
  scale: Scale;
  a: number;
  b: number;
}

/** A range stays as it is for this long before it is believed where labels cannot tell that it is that of what is painted. */
const settledMs = 120;

/** While an axis merely moves it is searched for this often, ms. */
const searchMs = 250;

/** Names of one pair may have an exchange before them, and behind them that it is a perpetual. */
const ticker = (name: string): string => name.split(':').pop()!.replace(/\.P$/, '');

/** One axis on the page: what its canvas says, and what was made of it. */
export class Chart {
  column: PriceColumn | undefined;
  /** Why nothing can be drawn; undefined while an axis is read. */
  refusal: Refusal | 'hidden' | undefined = 'none';
  pane: Pane | undefined;
  axis: PaneAxis | undefined;
  /** Lost to a better axis of the same pane, or a pane of something else than the price. */
  eclipsed = false;
  /** Whether the chart has shown to be the symbol's own. */
  identity: Identity = 'untold';

  #message: AxisMessage | undefined;
  #ruler: Ruler | undefined;
  #calibration: Calibration | undefined;
  #searchAt = 0;
  /** What the pane was found by. */
  #paneKey = '';
  readonly #identity = new IdentityCheck();
  /** Time after which the chart may turn out to be the symbol's, from the last reading; ms. */
  #turnsIn: number | undefined;
  /** A label over the axis names another currency. */
  #isConverted = false;
  #range: LibraryRange | undefined;
  /** The range is not drawn by before it rests. */
  #mustRest = false;
  #rangeSince = Number.NEGATIVE_INFINITY;
  /** CSS pixels of the source, until its bitmap or its layout changes. */
  #layout = { clientWidth: 0, clientHeight: 0 };

  constructor(readonly source: Source) {
    // What reads an SVG has compared its texts with its lines.
    if (source instanceof SVGElement) this.#ruler = 'anchor';
  }

  get batch(): number {
    return this.#message?.batch ?? -1;
  }

  get needsLines(): boolean {
    return this.column !== undefined && this.#calibration?.settled === false;
  }

  /** Asking an element for its size makes the browser lay out the page: not in every frame of a pan. */
  #measure(): void {
    const { clientWidth, clientHeight } = this.source;
    this.#layout = { clientWidth, clientHeight };
    this.#searchAt = 0;
  }

  /**
   * Reads the axis anew from what the canvas now says.
   *
   * @param named what the page's charting library calls the symbol of its chart in use
   */
  read(message: AxisMessage, reference: Reference | undefined, named?: string): void {
    this.#turnsIn = undefined;
    const last = this.#message;
    if (message.width !== last?.width || message.height !== last.height) this.#measure();
    this.#message = message;
    const { clientWidth, clientHeight } = this.#layout;
    if (clientWidth < 2 || clientHeight < 2) {
      this.lose('hidden');
      return;
    }
    let gainsaid: readonly number[] = [];
    const options: ColumnOptions = {
      gainsaid: (tags) => {
        gainsaid = tags;
      },
      kx: clientWidth / message.width,
      ky: clientHeight / message.height,
      reference: reference?.price,
      previous: this.column?.fit.scale,
      trusted: this.column?.checked ? this.column : undefined,
      ruler: this.#ruler ?? 'centre',
    };
    const mayFollow = this.column && performance.now() < this.#searchAt;
    const found =
      (mayFollow && follow(this.column!, message, options)) || this.#search(message, options, named);
    if (typeof found === 'string') {
      if (reference && gainsaid.length > 0) this.#identify(gainsaid, reference);
      this.lose(found);
      return;
    }
    if (reference) this.#identify(found.tags, reference);
    if (this.identity === 'other') {
      this.lose('implausible');
      return;
    }
    if (this.identity === 'untold' && (this.#isConverted || (reference && isTitledOtherwise(reference)))) {
      this.lose('converted');
      return;
    }
    this.column = found;
    this.#locate();
  }

  #search(message: AxisMessage, options: ColumnOptions, named: string | undefined): PriceColumn | Refusal {
    this.#searchAt = performance.now() + searchMs;
    let found = findPriceColumn(message, options);
    if (typeof found === 'object' && this.#ruler === undefined) {
      const strip = isAxisStrip(this.source.getBoundingClientRect());
      this.#ruler = guessRuler(found.labels, strip, options.ky);
      this.#calibration = new Calibration(this.#ruler, strip ? 'strip' : 'canvas', options.ky);
      if (this.#ruler !== options.ruler) found = findPriceColumn(message, { ...options, ruler: this.#ruler });
    }
    const ruled = { ...options, ruler: this.#ruler ?? 'centre' };
    const range = ownRange(message, ruled, this.#layout.clientHeight);
    const isSettled = this.#isSettled(range);
    found = withLibrary(found, message, range, ruled);
    const isLoose = typeof found === 'object' && found.told === 'loosely';
    this.#mustRest = range !== undefined && (range.mode >= 2 || isLoose);
    if (this.#mustRest && !isSettled) found = isLoose && range!.mode < 2 ? 'coarse' : 'percent';
    // Of several charts in one frame the one in use tells the symbol.
    const { symbol = named } = range ?? {};
    const isOther = symbol !== undefined && named !== undefined && ticker(symbol) !== ticker(named);
    return isOther ? 'implausible' : found;
  }

  #identify(tags: readonly number[], reference: Reference): void {
    const now = performance.now();
    this.identity = this.#identity.read(tags, reference, now);
    this.#turnsIn = this.#identity.turnsIn(now);
  }

  /**
   * Whether a library's range is that of what is painted. It may be that of the paint to come, which few labels cannot tell,
   * nor those in percent and index mode: it is believed where it stays as it is.
   */
  #isSettled(range: LibraryRange | undefined): boolean {
    const before = this.#range;
    this.#range = range;
    if (!range) return true;
    const time = performance.now();
    if (range.from !== before?.from || range.to !== before.to || range.mode !== before.mode)
      this.#rangeSince = time;
    return time - this.#rangeSince >= settledMs;
  }

  /** Time until what is doubtful now may be believed, ms: a range that must rest, a chart that was another's. */
  get settlesIn(): number | undefined {
    if (this.#turnsIn !== undefined) return this.#turnsIn;
    const left = this.#rangeSince + settledMs - performance.now();
    return this.#mustRest && left > -settledMs ? Math.max(0, left) : undefined;
  }

  /** Reads the last labels again, for a new reference price. */
  reread(reference: Reference | undefined, named?: string): void {
    this.#searchAt = 0;
    if (this.#message) this.read(this.#message, reference, named);
  }

  /**
   * Looks at what the page says of the axis beside its canvas.
   *
   * @returns true where that changed
   */
  look(): boolean {
    const before = this.#isConverted;
    this.#isConverted = this.identity !== 'own' && isConverted(this.source);
    return this.#isConverted !== before;
  }

  /** Forgets where the pane is: the page changed its layout. */
  relocate(): void {
    this.#measure();
    this.#paneKey = '';
    if (this.column) this.#locate();
  }

  /** The source, or its pane, has another size: labels read with the old one are elsewhere now. */
  resized(reference: Reference | undefined, named?: string): void {
    this.#measure();
    this.#paneKey = '';
    this.reread(reference, named);
  }

  #locate(): void {
    const column = this.column!;
    const { clientWidth, clientHeight } = this.#layout;
    const { plot, left, right } = column;
    const key = [clientWidth, clientHeight, plot ?? [left, right]].join();
    const isStale = key !== this.#paneKey || !this.pane?.element.isConnected;
    if (isStale || (this.pane?.element === this.source && !column.plot)) {
      this.pane = findPane(this.source, column);
      this.#paneKey = key;
    }
    if (!this.pane || this.pane.width < 20 || this.pane.height < 20) {
      // The labels stay known: the pane may get its size without a repaint of the axis.
      this.refusal = 'hidden';
      this.axis = undefined;
      return;
    }
    this.refusal = undefined;
    const { scale, a, b } = column.fit;
    this.axis = { scale, a: a + this.pane.shift, b };
  }

  /** Claims nothing until the next message. */
  lose(why: Refusal | 'hidden'): void {
    this.refusal = why;
    this.axis = undefined;
    this.column = undefined;
  }

  /**
   * Compares labels with gridlines painted in the same batch, given in CSS pixels from the top of the screen.
   *
   * @returns true where the reading of the axis changed.
   */
  calibrate(lines: number[]): boolean {
    if (!this.column || !this.#message || !this.#calibration) return false;
    const { top } = this.source.getBoundingClientRect();
    const { labels } = this.column;
    const ruler = this.#calibration.add({
      centres: labels.map((label) => top + label.centre),
      anchors: labels.map((label) => top + label.anchor),
      lines,
    });
    if (!ruler || ruler === this.#ruler) return false;
    this.#ruler = ruler;
    return true;
  }
}
