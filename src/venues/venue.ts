import type { QPrior } from '../engine/forced/learn';
import type { MarginRule } from '../engine/positions/margin';

/** One venue: everything about it that is data. Each venue's file holds one such row; all lists are made from the rows. */
export interface VenueRow {
  /** Its name in settings, messages and the database. */
  id: string;
  /** Its name on screen. */
  name: string;
  /** Host of its REST interface. */
  rest: string;
  /** Hosts that answer the same, in the order to try them. */
  restFallbacks: readonly string[];
  /** Host of its sockets, with the port where it is another than 443. */
  socket: string;
  /** Hosts whose sockets bring the same, in the order to try them. */
  socketFallbacks?: readonly string[];
  /** The socket host of a region by the host of that region's pages. */
  socketRegions?: Readonly<Record<string, string>>;
  /** Those are for who has such a page open, and stand in for no other. */
  socketsKeepToRegion?: boolean;
  /** Hosts of its own pages with charts, on which the extension runs from the start. */
  pages: readonly string[];
  /** Path of a chart on the first of them. */
  chart: string;
  /** Hosts of its own pages on which the user may allow the extension to run. */
  optionalPages: readonly string[];
  /** The REST host of a region by the host of that region's pages, to be asked before `rest` by who has them open. */
  regions: Readonly<Record<string, string>>;
  /** A host of its website that is asked for data, where there is one. */
  website?: string;
  /** A host that tells which accounts are the largest, asked where the user allows it. */
  accountsHost?: string;
  /** How it computes liquidation prices of isolated linear positions. */
  margin: MarginRule;
  /** What is believed of q before its forced orders are seen. */
  prior: QPrior;
  /** Margin tables by coin, for use until the venue's own answer has come. They age. */
  tiers: Readonly<Record<string, RecordedTiers>>;
  /** Whether everybody may read the positions of every account. */
  publicPositions: boolean;
}

/** A venue's margin table for one coin, as it stood at a date. */
export interface RecordedTiers {
  /** ISO date on which the venue had these figures. */
  date: string;
  source: string;
  /** Cap in USD (null: none), maintenance rate, highest leverage; each step begins where the one before ends. */
  steps: readonly (readonly [cap: number | null, maintenanceRate: number, maxLeverage: number])[];
}
