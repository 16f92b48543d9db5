import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import * as z from 'zod';
import { clustersAt } from '../engine/map/clusters';
import { liquidationPrice } from '../engine/positions/margin';
import { type BarColumns, type WindowId, windowIds } from '../engine/records';
import { averageTrueRange } from '../engine/regime/atr';
import { overshootP80 } from '../engine/risk/overshoot';
import { reportPosition } from '../engine/risk/position';
import { findTurningPrices } from '../engine/risk/support-resistance';
import { hourMs, minuteMs } from '../engine/time';
import { listInstruments } from '../feeds/instrument';
import { bandMap } from '../protocol/band-map';
import type { Candle, Snapshot, WindowSnapshot } from '../protocol/snapshot';
import { recordedTiers, venueIds, venueOf } from '../venues';
import { type Asked, marketOf } from './snapshot';

/** A market once read is told from again this long, ms. */
const goodMs = minuteMs;

/** Whether a position is reported on from the map of a day. */
const reportWindow: WindowId = '24h';

const symbol = z.string().max(40).describe('A coin such as BTC, or a pair such as BTC-USDT');
const window = z
  .enum(windowIds as [WindowId, ...WindowId[]])
  .default('24h')
  .describe('Positions of the last 12h, 24h, 7d or 30d');

const said =
  'An estimate from public data, not observed positions. Longs are liquidated below price, shorts above it. Amounts in USD, ' +
  'times in ms since 1970. ';

/** A server of the Model Context Protocol that tells maps, levels, reports of positions and the state of the exchanges. */
export function mcpServer(asked: Asked, version: string): McpServer {
  const server = new McpServer({ name: 'liqbands', version });
  const read = reader(asked);
  server.registerTool(
    'liquidation_map',
    {
      title: 'Liquidation map',
      description: `${said}The whole map of one market: what is at risk in each price band, its levels and clusters, how both sides weigh near price.`,
      inputSchema: { symbol, window },
      annotations: { readOnlyHint: true, openWorldHint: true },
    },
    (given) => answer(async () => mapOf(await read(given.symbol), given.window)),
  );
  server.registerTool(
    'liquidation_levels',
    {
      title: 'Liquidation levels',
      description: `${said}The levels that stand out, nearest first on each side, with the 80 % interval of what would be closed by force there.`,
      inputSchema: { symbol, window },
      annotations: { readOnlyHint: true, openWorldHint: true },
    },
    (given) => answer(async () => levelsOf(await read(given.symbol), given.window)),
  );
  server.registerTool(
    'position_report',
    {
      title: 'Report of a position',
      description: `${said}What the map says of a position: its own liquidation price by the exchange's margin table, clusters between it and price, where a stop would stand behind them. Nothing is ordered, no account is read, no advice is given.`,
      inputSchema: {
        symbol,
        venue: z.enum(venueIds),
        side: z.enum(['long', 'short']),
        entry: z.number().positive().describe('Price per coin'),
        leverage: z.number().min(1).max(1000),
        base: z.number().positive().describe('Size in coins'),
        stop: z.number().positive().nullable().default(null),
        target: z.number().positive().nullable().default(null),
        budgetUsd: z.number().nonnegative().nullable().default(null).describe('What may be lost'),
      },
      annotations: { readOnlyHint: true, openWorldHint: true },
    },
    (given) => answer(async () => report(await read(given.symbol), given, asked)),
  );
  server.registerTool(
    'exchange_health',
    {
      title: 'State of the exchanges',
      description: 'Which exchanges answered for a market just now, which did not, and why.',
      inputSchema: { symbol },
      annotations: { readOnlyHint: true, openWorldHint: true },
    },
    (given) => answer(async () => healthOf(await read(given.symbol))),
  );
  return server;
}

/** The value as JSON; what cannot be told is an error of the tool, in words. */
async function answer(tell: () => Promise<object>): Promise<CallToolResult> {
  try {
    return { content: [{ type: 'text', text: JSON.stringify(await tell()) }] };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { content: [{ type: 'text', text }], isError: true };
  }
}

/** Reads markets, each at most once a minute. */
function reader(asked: Asked): (symbol: string) => Promise<Snapshot> {
  const kept = new Map<string, { at: number; market: Promise<Snapshot> }>();
  return (name) => {
    const known = kept.get(name);
    const age = asked.now() - (known?.at ?? Number.NEGATIVE_INFINITY);
    if (known && age >= 0 && age < goodMs) return known.market;
    const market = marketOf(name, asked);
    kept.set(name, { at: asked.now(), market });
    market.catch(() => kept.delete(name));
    return market;
  };
}

const mapOf = ({ symbol, time, health, windows }: Snapshot, of: WindowId) => ({
  symbol,
  time,
  health: health.map(({ venue, state, reason }) => ({ venue, state, reason })),
  map: windows[of]!.view,
});

function levelsOf({ symbol, time, windows }: Snapshot, of: WindowId) {
  const { price, asOf, ratio, levels = [] } = windows[of]!.view;
  return { symbol, time, window: of, price, asOf, ratio, levels };
}

const healthOf = ({ symbol, time, health }: Snapshot) => ({ symbol, time, venues: health });

interface Asking {
  venue: (typeof venueIds)[number];
  side: 'long' | 'short';
  entry: number;
  leverage: number;
  base: number;
  stop: number | null;
  target: number | null;
  budgetUsd: number | null;
}

async function report(market: Snapshot, { venue, budgetUsd, ...position }: Asking, asked: Asked) {
  const { view, candles } = market.windows[reportWindow]!;
  const map = bandMap(view);
  const bars = barsOf(candles);
  const { side, entry, base, leverage } = position;
  const tiers = await tiersOf(market.symbol, venue, view, asked);
  const margin = (entry * base) / leverage;
  const own = liquidationPrice({ side, size: base, entry, margin }, tiers, venueOf(venue).margin) ?? 0;
  const found = reportPosition(position, {
    map,
    clusters: clustersAt(map, view.levels ?? []),
    openInterestUsd: market.health.reduce((sum, { openInterestUsd = 0 }) => sum + openInterestUsd, 0),
    // Runs past earlier edges are not measured here: what is assumed before any were.
    overshoot: overshootP80([]),
    atr1h: averageTrueRange(bars, { intervalMs: hourMs }),
    budgetUsd,
    liquidationPrice: () => own,
    market: {
      now: market.time,
      levels: findTurningPrices(bars),
      // Neither funding nor a book nor volume is in a snapshot: whether they speak for a place cannot be told.
      funding: [],
      depth: null,
      bars: barsOf(candles.slice(-1)),
    },
  });
  return { symbol: market.symbol, venue, ...found };
}

/** Prices of candles as the engine reads them. */
function barsOf(candles: readonly Candle[]): BarColumns {
  const column = (k: number) => Float64Array.from(candles, (candle) => candle[k]!);
  const none = new Float64Array(candles.length);
  return {
    length: candles.length,
    time: column(0),
    open: column(1),
    high: column(2),
    low: column(3),
    close: column(4),
    volume: none,
    openInterest: none,
    openInterestClose: none,
  };
}

/** The margin table of a market on a venue: its own where it tells it, else as it was recorded. */
async function tiersOf(
  symbol: string,
  id: Asking['venue'],
  { price }: WindowSnapshot['view'],
  { venues, transport }: Asked,
) {
  const recorded = recordedTiers(id, symbol);
  const venue = venues.find((each) => each.id === id);
  if (!venue) throw new Error(`--venues leaves ${id} out`);
  try {
    const instruments = await listInstruments(venue, (call) => transport.run(venue, call));
    const instrument = instruments.find((each) => each.symbol === symbol);
    if (instrument) return await transport.run(venue, venue.tiers(instrument, price));
  } catch (error) {
    if (!recorded) throw error;
  }
  if (!recorded) throw new Error(`${venue.name} does not list ${symbol}`);
  return recorded;
}
