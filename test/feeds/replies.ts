import { venueFeeds } from '../../src/feeds';
import type { Call, Venue } from '../../src/feeds/feed';
import { positionsOf } from '../../src/feeds/hyperliquid';
import { fearAndGreed } from '../../src/feeds/sentiment';
import { coin, way } from './fixture';

const [binance, bybit, okx, bitget, hyperliquid] = venueFeeds as [Venue, Venue, Venue, Venue, Venue];
export const btc = coin('BTCUSDT', 'BTC-USDT');
export const swap = coin('BTC-USDT-SWAP', 'BTC-USDT', { contractSize: 0.01 });
export const bitcoin = coin('BTC', 'BTC-USDT');
const range = { from: 1_000_000_000_000 };

/** What stands behind a call of Bitget's third version. */
const older = <T>(call: Call<T>) => way(call, '/v2/');

/** Every payload kept as a fixture, with what reads it. */
export const replies: [venue: string, name: string, call: Call<unknown>][] = [
  ['binance', 'exchangeInfo', binance.instruments()[0]!],
  ['binance', 'klines', binance.candles(btc, '5m')],
  ['binance', 'openInterest', binance.openInterest(btc)],
  ['binance', 'openInterestHist', binance.openInterestHistory!(btc, '5m')],
  ['binance', 'premiumIndex', binance.mark(btc)],
  ['binance', 'fundingRate', binance.funding(btc, range)],
  ['binance', 'fundingInfo', binance.fundingIntervals!()],
  ['binance', 'ratio', binance.ratios!(btc, 'account', '1h')],
  ['binance', 'taker', binance.ratios!(btc, 'taker', '1h')],
  ['binance', 'depth', binance.book(btc)],
  ['binance', 'brackets', binance.tiers(btc, 1)],
  ['bybit', 'instruments', bybit.instruments()[0]!],
  ['bybit', 'kline', bybit.candles(btc, '5m')],
  ['bybit', 'open-interest', bybit.openInterestHistory!(btc, '5m')],
  ['bybit', 'tickers', bybit.openInterest(btc)],
  ['bybit', 'tickers', bybit.mark(btc)],
  ['bybit', 'funding', bybit.funding(btc, range)],
  ['bybit', 'account-ratio', bybit.ratios!(btc, 'account', '1h')],
  ['bybit', 'orderbook', bybit.book(btc)],
  ['bybit', 'risk-limit', bybit.tiers(btc, 1)],
  ['okx', 'instruments', okx.instruments()[0]!],
  ['okx', 'candles', okx.candles(swap, '5m')],
  ['okx', 'open-interest', okx.openInterest(swap)],
  ['okx', 'open-interest-history', okx.openInterestHistory!(swap, '5m')],
  ['okx', 'mark-price', okx.mark(swap)],
  ['okx', 'funding-rate', okx.fundingState!(swap)],
  ['okx', 'funding-rate-history', okx.funding(swap, range)],
  ['okx', 'ratio', okx.ratios!(swap, 'account', '1h')],
  ['okx', 'taker', okx.ratios!(swap, 'taker', '1h')],
  ['okx', 'books', okx.book(swap)],
  ['okx', 'position-tiers', okx.tiers(swap, 50_000)],
  ['bitget', 'contracts', older(bitget.instruments()[0]!)],
  ['bitget', 'candles', bitget.candles(btc, '5m')],
  ['bitget', 'open-interest', older(bitget.openInterest(btc))],
  ['bitget', 'ticker', older(bitget.mark(btc))],
  ['bitget', 'current-fund-rate', older(bitget.fundingState!(btc))],
  ['bitget', 'history-fund-rate', older(bitget.funding(btc, range))],
  ['bitget', 'account-long-short', bitget.ratios!(btc, 'account', '1h')],
  ['bitget', 'position-long-short', bitget.ratios!(btc, 'position', '1h')],
  ['bitget', 'taker-buy-sell', bitget.ratios!(btc, 'taker', '1h')],
  ['bitget', 'merge-depth', older(bitget.book(btc))],
  ['bitget', 'query-position-lever', older(bitget.tiers(btc, 1))],
  ['bitget', 'liquidations', bitget.forcedOrders!(btc, 30)],
  ['bitget', 'v3-instruments', bitget.instruments()[0]!],
  ['bitget', 'v3-open-interest', bitget.openInterest(btc)],
  ['bitget', 'v3-tickers', bitget.mark(btc)],
  ['bitget', 'v3-current-fund-rate', bitget.fundingState!(btc)],
  ['bitget', 'v3-history-fund-rate', bitget.funding(btc, range)],
  ['bitget', 'v3-orderbook', bitget.book(btc)],
  ['bitget', 'v3-position-tier', bitget.tiers(btc, 1)],
  ['hyperliquid', 'metaAndAssetCtxs', hyperliquid.instruments()[0]!],
  ['hyperliquid', 'metaAndAssetCtxs', hyperliquid.openInterest(bitcoin)],
  ['hyperliquid', 'metaAndAssetCtxs', hyperliquid.mark(bitcoin)],
  ['hyperliquid', 'metaAndAssetCtxs', hyperliquid.tiers(bitcoin, 1)],
  ['hyperliquid', 'candleSnapshot', hyperliquid.candles(bitcoin, '15m')],
  ['hyperliquid', 'fundingHistory', hyperliquid.funding(bitcoin, range)],
  ['hyperliquid', 'l2Book', hyperliquid.book(bitcoin)],
  ['hyperliquid', 'clearinghouseState', positionsOf('0x0', [bitcoin])],
  ['sentiment', 'fng', fearAndGreed()],
];
