import { binance } from './binance';
import { bitget } from './bitget';
import { bybit } from './bybit';
import type { Venue } from './feed';
import { hyperliquid } from './hyperliquid';
import { okx } from './okx';

/** Every venue, in the order shown to the user. */
export const venues: readonly Venue[] = [binance, bybit, okx, bitget, hyperliquid];
