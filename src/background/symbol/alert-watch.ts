import { clustersAt } from '../../engine/map/clusters';
import { alertKinds, type Side, sides } from '../../engine/records';
import { fundingRange } from '../../engine/regime/funding';
import { type Alert, type AlertState, dueAlerts } from '../../engine/risk/alerts';
import { findFlips } from '../../engine/risk/flips';
import { fuelRatio } from '../../engine/risk/fuel';
import { checkSqueeze } from '../../engine/risk/squeeze';
import { dayMs } from '../../engine/time';
import { AlertChoices, ToldAlert as Told, type ToldAlert } from '../../protocol/alert-choices';
import { bandMap } from '../../protocol/band-map';
import {
  amount,
  finite,
  fits,
  keys,
  list,
  nullable,
  type Of,
  object,
  oneOf,
  optional,
  or,
  positive,
  recordOf,
  table,
  text,
} from '../../protocol/form';
import type { KeptPosition } from '../../protocol/kept-position';
import type { WatchedSymbol } from '../../protocol/past';
import type { MapView, Tick } from '../../protocol/view';
import type { OwnStore } from '../storage/own-store';
import type { Inside } from './detail';

/** A market as it is looked at for alerts. */
export interface Glance {
  view: MapView;
  tick: Tick;
  inside: Inside;
  /** A page of the user's shows it now. */
  isSeen: boolean;
}

interface Services {
  own: OwnStore;
  now(): number;
  /** Minutes since midnight by the user's clock. */
  minuteOfDay(): number;
  /** Looks at a market: an open one as it is, else by its leading venue alone; undefined where that failed. */
  glance(symbol: string): Promise<Glance | undefined>;
  /** Shows it, and sends it on. Resolves to what went wrong, in words. */
  tell(alert: Alert, text: string, choices: AlertChoices): Promise<string>;
  textOf(alert: Alert, tick: Tick): string;
}

/**
 * What is remembered of a symbol between two looks: when and at what price it was looked at last, the price when the user
 * last had it before him, and the nearer edges of the nearest levels, absent in what an earlier version wrote.
 */
const Memory = object({
  time: finite,
  price: positive,
  seen: nullable(positive),
  ratios: list(object({ time: finite, ratio: nullable(finite) })),
  longsBelow: optional(nullable(positive)),
  shortsAbove: optional(nullable(positive)),
});
type Memory = Of<typeof Memory>;

const Watched = object({ side: oneOf(...sides), low: positive, high: positive, usd: amount });
/** What cannot be read of it counts as never told: an alert too many rather than none from then on. */
const readState = keys({
  sent: or(list(object({ kind: oneOf(...alertKinds), symbol: text(), time: finite })), []),
  watched: table(or(list(Watched), [])),
}) satisfies (stored: unknown) => AlertState;

/** A minute's budget: so many symbols, in turn, stay under a fiftieth of what the leading venue allows. */
const symbolsAMinute = 2;
/** Of those so many for the first time: the first look asks for the past. */
const firstLooksAMinute = 1;
const mostTold = 200;

/** Looks at pinned symbols and those of kept positions, and tells what is due. To be called once a minute. */
export class AlertWatch {
  private running: Promise<void> = Promise.resolve();
  private choosing: Promise<unknown> = Promise.resolve();

  constructor(private readonly services: Services) {}

  /** The symbols that are looked at. */
  async symbols(): Promise<string[]> {
    const [choices, positions] = await Promise.all([this.choices(), this.services.own.positions()]);
    return [...new Set([...positions.map(({ symbol }) => symbol), ...choices.pinned])];
  }

  /** One look; the one before is waited for. */
  minute(): Promise<void> {
    this.running = this.running.then(() => this.look()).catch(() => undefined);
    return this.running;
  }

  async choices(): Promise<AlertChoices> {
    return AlertChoices.parse(recordOf(await this.services.own.choice('alerts')));
  }

  /**
   * Stores some of the choices, after those that were made before: two pages may be open.
   *
   * @throws TypeError for a value that a choice cannot have; then all stay as they are
   */
  choose(wanted: Record<string, unknown>): Promise<void> {
    const chosen = this.choosing.then(async () => {
      const next = AlertChoices.parse({ ...(await this.choices()), ...wanted });
      for (const [name, value] of Object.entries(wanted))
        if (JSON.stringify(next[name as keyof AlertChoices]) !== JSON.stringify(value))
          throw new TypeError(`alerts, ${name}: not a value it can have`);
      await this.services.own.saveChoice('alerts', next);
    });
    this.choosing = chosen.catch(() => undefined);
    return chosen;
  }

  /** What was told, oldest first. */
  async told(): Promise<ToldAlert[]> {
    const stored = await this.services.own.choice('alertLog');
    return (Array.isArray(stored) ? stored : []).filter((each) => Told.safeParse(each).success);
  }

  /** A look at symbols that were never looked at. */
  lookAtNew(): Promise<void> {
    this.running = this.running
      .then(async () => {
        const symbols = await this.symbols();
        const memories = await Promise.all(symbols.map((symbol) => this.memory(symbol)));
        await this.lookAt(symbols.filter((_, i) => !memories[i]).slice(0, firstLooksAMinute));
      })
      .catch(() => undefined);
    return this.running;
  }

  /** Every symbol that is looked at, as it was seen last. */
  async list(): Promise<WatchedSymbol[]> {
    return Promise.all(
      (await this.symbols()).map(async (symbol) => {
        const memory = await this.memory(symbol);
        return {
          symbol,
          time: memory?.time ?? null,
          price: memory?.price ?? null,
          ratio: memory?.ratios.at(-1)?.ratio ?? null,
          longsBelow: memory?.longsBelow ?? null,
          shortsAbove: memory?.shortsAbove ?? null,
        };
      }),
    );
  }

  private async memory(symbol: string): Promise<Memory | undefined> {
    const stored = await this.services.own.choice(`look ${symbol}`);
    return fits(Memory, stored) ? stored : undefined;
  }

  private async look(): Promise<void> {
    const { own } = this.services;
    const symbols = await this.symbols();
    if (symbols.length === 0) return;
    const stored = await own.choice('alertTurn');
    const turn = fits(amount, stored) ? Math.floor(stored) % symbols.length : 0;
    const due: string[] = [];
    let firstLooks = 0;
    for (let i = 0; i < Math.min(symbolsAMinute, symbols.length); i++) {
      const symbol = symbols[(turn + i) % symbols.length]!;
      if (!(await this.memory(symbol)) && ++firstLooks > firstLooksAMinute) break;
      due.push(symbol);
    }
    await own.saveChoice('alertTurn', turn + due.length);
    await this.lookAt(due);
  }

  private async lookAt(symbols: readonly string[]): Promise<void> {
    const [choices, positions] = await Promise.all([this.choices(), this.services.own.positions()]);
    for (const symbol of symbols) {
      const glance = await this.services.glance(symbol);
      const kept = positions.find((position) => position.symbol === symbol);
      if (glance) await this.judge(symbol, glance, choices, kept);
    }
  }

  private async judge(
    symbol: string,
    glance: Glance,
    choices: AlertChoices,
    kept: KeptPosition | undefined,
  ): Promise<void> {
    const { own, now, minuteOfDay } = this.services;
    const { view, tick, inside, isSeen } = glance;
    const time = now();
    const price = tick.price ?? view.price;
    const before = await this.memory(symbol);
    const state = readState(await own.choice('alertState'));
    const ratios = [...(before?.ratios ?? []), { time, ratio: view.ratio.within5 }].filter(
      (sample) => sample.time > time - dayMs,
    );
    const map = bandMap(view);
    const clusters = clustersAt(map, view.levels ?? []);
    const { low, high } = rangeSince(inside, before, price);
    const funding = inside.reference.runningFunding();
    const usual = fundingRange(inside.reference.funding.settled, time);
    const openInterestUsd = tick.context?.openInterestUsd ?? 0;
    const due = dueAlerts(
      state,
      {
        now: time,
        symbol,
        price,
        low,
        high,
        clusters,
        flip: findFlips(ratios).at(-1) ?? null,
        squeeze: funding && checkSqueeze(clusters, funding, usual).squeeze,
        banners: tick.banners.flatMap(({ kind }) =>
          kind === 'cascade' || kind === 'openInterestDrop'
            ? [{ kind, since: time, value: 0, threshold: 0 }]
            : [],
        ),
        kept: kept
          ? {
              since: kept.keptAt,
              fuel: fuelRatio(map, { side: kept.side, entry: kept.entry, openInterestUsd }),
            }
          : null,
        lastLook: isSeen ? null : (before?.seen ?? null),
        minuteOfDay: minuteOfDay(),
      },
      { kinds: choices.kinds, quiet: choices.quiet },
    );
    // Stored before it is told: a worker that dies here tells nothing twice.
    await own.saveChoice('alertState', due.state);
    await own.saveChoice(`look ${symbol}`, {
      time,
      price,
      seen: isSeen ? price : (before?.seen ?? price),
      ratios,
      longsBelow: nearestOf(view, 'long'),
      shortsAbove: nearestOf(view, 'short'),
    } satisfies Memory);
    for (const alert of due.alerts) await this.tell(alert, tick, choices);
  }

  private async tell(alert: Alert, tick: Tick, choices: AlertChoices): Promise<void> {
    const { own, textOf, tell } = this.services;
    const text = textOf(alert, tick);
    const problem = await tell(alert, text, choices);
    const { time, symbol, kind } = alert;
    await own.saveChoice(
      'alertLog',
      [...(await this.told()), { time, symbol, kind, text, problem }].slice(-mostTold),
    );
  }
}

const nearestOf = ({ levels = [] }: MapView, side: Side): number | null =>
  levels.find((level) => level.side === side)?.edge ?? null;

/** Lowest and highest price since the last look, as far as bars and the price itself tell. */
function rangeSince({ reference, bars }: Inside, before: Memory | undefined, price: number) {
  let low = before ? Math.min(price, before.price) : price;
  let high = before ? Math.max(price, before.price) : price;
  if (!before) return { low, high };
  for (let i = bars.length - 1; i >= 0 && bars.time[i]! >= before.time; i--) {
    low = Math.min(low, bars.low[i]!);
    high = Math.max(high, bars.high[i]!);
  }
  const { live } = reference;
  if (live.low > 0 && Number.isFinite(live.low)) low = Math.min(low, live.low);
  high = Math.max(high, live.high);
  return { low, high };
}
