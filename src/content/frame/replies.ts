import type { WatchReply } from '../../protocol/messages';
import type { HistoryView, MapView } from '../../protocol/view';
import {
  type Check,
  fits,
  isAmount,
  isFiniteNumber,
  isFlag,
  isPositive,
  isText,
  oneOf,
  optional,
  orNull,
  type Shape,
} from './shape';

const isSide = oneOf('long', 'short');
const isWindow = oneOf('12h', '24h', '7d', '30d');
const amounts: Shape = [isAmount];

const cluster: Shape = {
  side: isSide,
  low: isPositive,
  high: isPositive,
  peak: isPositive,
  usd: isAmount,
  distance: isFiniteNumber,
  depth: optional({ atRisk: isAmount, expected: isAmount, extrapolated: isFlag }),
};

const level: Shape = {
  side: isSide,
  low: isPositive,
  high: isPositive,
  edge: isPositive,
  kind: oneOf('swing', 'excess'),
  extreme: optional(oneOf('24h', '7d')),
  since: isFiniteNumber,
  times: optional(isAmount),
  usd: isAmount,
  forced: { p10: isAmount, p50: isAmount, p90: isAmount },
  share: isAmount,
  ageMs: isAmount,
  crossedAt: optional(isFiniteNumber),
};

const isBand: Check = (value) => fits(value, amounts) && (value as unknown[]).length === 2;

const view: Shape = {
  symbol: isText,
  window: isWindow,
  price: isPositive,
  lnLow: isFiniteNumber,
  step: isPositive,
  long: amounts,
  short: amounts,
  times: optional({ long: amounts, short: amounts }),
  isTypicalYoung: optional(isFlag),
  longAge: amounts,
  shortAge: amounts,
  longTiers: amounts,
  shortTiers: amounts,
  q: { p10: isAmount, p50: isAmount, p90: isAmount },
  ratio: {
    within5: orNull(isFiniteNumber),
    within10: orNull(isFiniteNumber),
    longUsd5: isAmount,
    shortUsd5: isAmount,
  },
  clusters: [cluster],
  levels: optional([level]),
  observed: optional({
    venue: isText,
    accounts: isAmount,
    coverage: isAmount,
    long: [isBand],
    short: [isBand],
  }),
  venues: optional([{ name: isText, long: amounts, short: amounts }]),
  closes: optional({ from: isFiniteNumber, stepMs: isPositive, prices: [isPositive] }),
  provisional: isFlag,
  historyFrom: isFiniteNumber,
  asOf: isFiniteNumber,
};

const isPair: Check = (value) => fits(value, [isText]) && (value as unknown[]).length === 2;

const tick: Shape = {
  symbol: isText,
  price: orNull(isPositive),
  asOf: orNull(isFiniteNumber),
  health: [
    {
      venue: isText,
      state: isText,
      since: isFiniteNumber,
      reason: isText,
      quality: isText,
      name: optional(isText),
    },
  ],
  live: optional({ venues: isAmount, of: isAmount, share: isAmount }),
  refused: optional(isText),
  banners: [{ kind: isText, text: isText }],
  facts: optional([isPair]),
};

const history: Shape = {
  symbol: isText,
  window: isWindow,
  time: isFiniteNumber,
  columnMs: isPositive,
  lnLow: isFiniteNumber,
  step: isPositive,
  cells: isText,
  usdFrom: isPositive,
  usdStep: isPositive,
};

const messages: Record<string, Shape> = {
  market: { symbol: isText, multiplier: isPositive },
  map: { view },
  tick: { tick },
  history: { history },
  unknown: { symbol: isText },
};

/** Both sides cover the same bands. */
const isEven = ({ long, short }: MapView): boolean => long.length === short.length;

/** As many cells as it says, in base64. */
const isFilled = ({ columns, rows, cells }: HistoryView): boolean =>
  columns > 0 && columns <= 1000 && rows <= 2000 && cells.length === 4 * Math.ceil((columns * rows) / 3);

/** Whether the worker said something this script understands. */
export function isWatchReply(value: unknown): value is WatchReply {
  const { type } = (value ?? {}) as WatchReply;
  if (!Object.hasOwn(messages, type) || !fits(value, messages[type]!)) return false;
  const reply = value as WatchReply;
  return reply.type === 'map' ? isEven(reply.view) : reply.type !== 'history' || isFilled(reply.history);
}
