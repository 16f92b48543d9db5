import { binance as venue } from '../../venues/binance';
import { pathSite } from './path-site';
import type { Example } from './site';

/** Perpetuals of both kinds, and the spot page of the same coin. Dated ones carry a date or `_QUARTER`. */
export const binance = pathSite(venue.pages, '(?:futures|delivery)', venue.id, venue.optionalPages, 'trade');

export const examples: readonly Example[] = [
  {
    url: 'https://www.binance.com/en/futures/BTCUSDT',
    shows: { symbol: 'BTC-USDT', multiplier: 1, venue: 'binance' },
  },
  {
    url: 'https://www.binance.com/futures/ethusdt',
    shows: { symbol: 'ETH-USDT', multiplier: 1, venue: 'binance' },
  },
  {
    url: 'https://www.binance.com/zh-CN/futures/1000PEPEUSDT?type=perpetual',
    shows: { symbol: 'PEPE-USDT', multiplier: 1000, venue: 'binance' },
  },
  {
    url: 'https://www.binance.com/en/trade/SOL_USDT?type=spot',
    shows: { symbol: 'SOL-USDT', multiplier: 1, venue: 'binance' },
  },
  {
    url: 'https://www.binance.com/en/futures/%E5%B8%81%E5%AE%89%E4%BA%BA%E7%94%9FUSDT',
    shows: { symbol: '币安人生-USDT', multiplier: 1, venue: 'binance' },
  },
  { url: 'https://www.binance.com/en/futures/my/orders', shows: undefined },
  { url: 'https://www.binance.com/en/futures/home', shows: undefined },
  { url: 'https://www.binance.com/en/markets/overview', shows: undefined },
  {
    url: 'https://www.binance.com/de/futures/1MBABYDOGEUSDT',
    shows: { symbol: 'BABYDOGE-USDT', multiplier: 1000000, venue: 'binance' },
  },
  {
    url: 'https://www.binance.com/en/delivery/btcusd_perp',
    shows: { symbol: 'BTC-USDT', multiplier: 1, venue: 'binance' },
  },
  {
    url: 'https://www.binance.com/en/trade/BTC_FDUSD',
    shows: { symbol: 'BTC-USDT', multiplier: 1, venue: 'binance' },
  },
  {
    url: 'https://www.binance.com/es-LA/futures/BTCUSDT',
    shows: { symbol: 'BTC-USDT', multiplier: 1, venue: 'binance' },
  },
  { url: 'https://www.binance.com/en/futures/BTCUSDT_260327', shows: undefined },
  { url: 'https://www.binance.com/en/delivery/btcusd_quarter', shows: undefined },
  { url: 'https://www.binance.com/en/trade/BTC_EUR', shows: undefined },
  { url: 'https://www.binance.com/en/futures/%E0%A4%A', shows: undefined },
];
