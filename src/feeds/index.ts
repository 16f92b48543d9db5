import { venueOf as rowOf, venues as rows } from '../venues';
import { binance } from './binance';
import { bitget } from './bitget';
import { bybit } from './bybit';
import type { SocketSharing, Venue } from './feed';
import { hyperliquid } from './hyperliquid';
import type { HostFamily } from './net/hosts';
import { okx } from './okx';

/** Every venue, in the order shown to the user. */
export const venueFeeds: readonly Venue[] = [binance, bybit, okx, bitget, hyperliquid];

/** Hosts of all venues that answer alike, those asked and those connected to. */
export const hostFamilies: readonly HostFamily[] = rows.flatMap((row) => [
  { hosts: [row.rest, ...row.restFallbacks], regions: row.regions },
  {
    hosts: [row.socket, ...(row.socketFallbacks ?? [])],
    regions: row.socketRegions ?? {},
    keepsToRegion: row.socketsKeepToRegion ?? false,
  },
]);

/** Hosts that are asked for data, and have no pages. */
export const dataHosts: readonly string[] = rows.flatMap((row) => [
  ...[row.rest, ...row.restFallbacks, ...Object.values(row.regions)],
  ...('accountsHost' in row ? [row.accountsHost] : []),
]);

/** Hosts to which sockets share connections. */
export const socketSharing: ReadonlyMap<string, SocketSharing> = new Map(
  venueFeeds.flatMap(({ id, sharing }) => (sharing ? [[rowOf(id).socket, sharing] as const] : [])),
);
