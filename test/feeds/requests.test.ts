import { expect, it } from 'vitest';
import { venueFeeds } from '../../src/feeds';
import type { Call } from '../../src/feeds/feed';
import { coin } from './fixture';

/** What each venue is asked, word for word as its documentation has it: weight, pool, address, body. */

const range = { from: 1_700_000_100_000, to: 1_700_000_700_000 };
const natives: Record<string, string> = { okx: 'BTC-USDT-SWAP', hyperliquid: 'BTC' };
const documented: Record<string, string[]> = {
  binance: [
    '1 weight https://fapi.binance.com/fapi/v1/exchangeInfo',
    '1 weight https://fapi.binance.com/fapi/v1/klines?symbol=BTCUSDT&interval=5m&startTime=1700000100000&endTime=1700000700000&limit=3',
    '10 weight https://fapi.binance.com/fapi/v1/klines?symbol=BTCUSDT&interval=1h&limit=1500',
    '1 weight https://fapi.binance.com/fapi/v1/openInterest?symbol=BTCUSDT',
    '1 statistics https://fapi.binance.com/futures/data/openInterestHist?symbol=BTCUSDT&period=30m&startTime=1700000100000&endTime=1700000700000&limit=3',
    '1 weight https://fapi.binance.com/fapi/v1/premiumIndex?symbol=BTCUSDT',
    '1 funding https://fapi.binance.com/fapi/v1/fundingRate?symbol=BTCUSDT&startTime=1700000100000&endTime=1700000700000&limit=1000',
    '1 funding https://fapi.binance.com/fapi/v1/fundingInfo',
    '20 weight https://fapi.binance.com/fapi/v1/depth?symbol=BTCUSDT&limit=1000',
    '1 website https://www.binance.com/bapi/futures/v1/friendly/future/common/brackets {}',
    '1 statistics https://fapi.binance.com/futures/data/globalLongShortAccountRatio?symbol=BTCUSDT&period=1h&startTime=1700000100000&endTime=1700000700000&limit=3',
    '1 statistics https://fapi.binance.com/futures/data/topLongShortAccountRatio?symbol=BTCUSDT&period=1h&startTime=1700000100000&endTime=1700000700000&limit=3',
    '1 statistics https://fapi.binance.com/futures/data/topLongShortPositionRatio?symbol=BTCUSDT&period=1h&startTime=1700000100000&endTime=1700000700000&limit=3',
    '1 statistics https://fapi.binance.com/futures/data/takerlongshortRatio?symbol=BTCUSDT&period=1h&startTime=1700000100000&endTime=1700000700000&limit=3',
  ],
  bybit: [
    '1 address https://api.bybit.com/v5/market/instruments-info?category=linear&limit=1000',
    '1 address https://api.bybit.com/v5/market/kline?category=linear&symbol=BTCUSDT&interval=5&start=1700000100000&end=1700000700000&limit=3',
    '1 address https://api.bybit.com/v5/market/kline?category=linear&symbol=BTCUSDT&interval=60&limit=1000',
    '1 address https://api.bybit.com/v5/market/tickers?category=linear&symbol=BTCUSDT',
    '1 address https://api.bybit.com/v5/market/open-interest?category=linear&symbol=BTCUSDT&intervalTime=30min&startTime=1700000100000&endTime=1700000700000&limit=3',
    '1 address https://api.bybit.com/v5/market/tickers?category=linear&symbol=BTCUSDT',
    '1 address https://api.bybit.com/v5/market/funding/history?category=linear&symbol=BTCUSDT&startTime=1700000100000&endTime=1700000700000&limit=200',
    '1 address https://api.bybit.com/v5/market/full_orderbook?category=linear&symbol=BTCUSDT',
    '1 address https://api.bybit.com/v5/market/orderbook?category=linear&symbol=BTCUSDT&limit=1000',
    '1 address https://api.bybit.com/v5/market/risk-limit?category=linear&symbol=BTCUSDT',
    '1 address https://api.bybit.com/v5/market/account-ratio?category=linear&symbol=BTCUSDT&period=1h&startTime=1700000100000&endTime=1700000700000&limit=3',
  ],
  okx: [
    '1 public https://openapi.okx.com/api/v5/public/instruments?instType=SWAP',
    '1 history https://openapi.okx.com/api/v5/market/history-candles?instId=BTC-USDT-SWAP&bar=5m&before=1700000099999&after=1700000700001&limit=3',
    '1 candles https://openapi.okx.com/api/v5/market/candles?instId=BTC-USDT-SWAP&bar=1H&limit=300',
    '1 public https://openapi.okx.com/api/v5/public/open-interest?instType=SWAP&instId=BTC-USDT-SWAP',
    '1 openInterest https://openapi.okx.com/api/v5/rubik/stat/contracts/open-interest-history?instId=BTC-USDT-SWAP&period=30m&begin=1700000099999&end=1700000700001&limit=4',
    '1 public https://openapi.okx.com/api/v5/public/mark-price?instType=SWAP&instId=BTC-USDT-SWAP',
    '1 public https://openapi.okx.com/api/v5/public/funding-rate?instId=BTC-USDT-SWAP',
    '1 public https://openapi.okx.com/api/v5/public/funding-rate-history?instId=BTC-USDT-SWAP&before=1700000099999&after=1700000700001&limit=400',
    '1 booksFull https://openapi.okx.com/api/v5/market/books-full?instId=BTC-USDT-SWAP&sz=5000',
    '1 candles https://openapi.okx.com/api/v5/market/books?instId=BTC-USDT-SWAP&sz=400',
    '1 public https://openapi.okx.com/api/v5/public/position-tiers?instType=SWAP&tdMode=isolated&instFamily=BTC-USDT',
    '1 ratios https://openapi.okx.com/api/v5/rubik/stat/contracts/long-short-account-ratio-contract?instId=BTC-USDT-SWAP&period=1H&begin=1700000099999&end=1700000700001&limit=4',
    '1 ratios https://openapi.okx.com/api/v5/rubik/stat/contracts/long-short-account-ratio-contract-top-trader?instId=BTC-USDT-SWAP&period=1H&begin=1700000099999&end=1700000700001&limit=4',
    '1 ratios https://openapi.okx.com/api/v5/rubik/stat/contracts/long-short-position-ratio-contract-top-trader?instId=BTC-USDT-SWAP&period=1H&begin=1700000099999&end=1700000700001&limit=4',
    '1 ratios https://openapi.okx.com/api/v5/rubik/stat/taker-volume-contract?instId=BTC-USDT-SWAP&period=1H&begin=1700000099999&end=1700000700001&limit=4&unit=0',
  ],
  bitget: [
    '1 market https://api.bitget.com/api/v3/market/instruments?category=USDT-FUTURES',
    '1 market https://api.bitget.com/api/v2/mix/market/contracts?productType=USDT-FUTURES',
    '1 candles https://api.bitget.com/api/v3/market/candles?category=USDT-FUTURES&symbol=BTCUSDT&interval=5m&startTime=1700000099999&endTime=1700000700001&limit=4',
    '1 candles https://api.bitget.com/api/v2/mix/market/candles?productType=USDT-FUTURES&symbol=BTCUSDT&granularity=5m&startTime=1700000099999&endTime=1700000700001&limit=4',
    '1 candles https://api.bitget.com/api/v2/mix/market/candles?productType=USDT-FUTURES&symbol=BTCUSDT&granularity=1H&limit=1000',
    '1 candles https://api.bitget.com/api/v3/market/candles?category=USDT-FUTURES&symbol=BTCUSDT&interval=1H&limit=100',
    '1 market https://api.bitget.com/api/v3/market/open-interest?category=USDT-FUTURES&symbol=BTCUSDT',
    '1 market https://api.bitget.com/api/v2/mix/market/open-interest?productType=USDT-FUTURES&symbol=BTCUSDT',
    '1 market https://api.bitget.com/api/v3/market/tickers?category=USDT-FUTURES&symbol=BTCUSDT',
    '1 market https://api.bitget.com/api/v2/mix/market/ticker?productType=USDT-FUTURES&symbol=BTCUSDT',
    '1 funding https://api.bitget.com/api/v3/market/current-fund-rate?category=USDT-FUTURES&symbol=BTCUSDT',
    '1 funding https://api.bitget.com/api/v2/mix/market/current-fund-rate?productType=USDT-FUTURES&symbol=BTCUSDT',
    '1 funding https://api.bitget.com/api/v3/market/history-fund-rate?category=USDT-FUTURES&symbol=BTCUSDT&limit=100&cursor=1',
    '1 funding https://api.bitget.com/api/v2/mix/market/history-fund-rate?productType=USDT-FUTURES&symbol=BTCUSDT&pageSize=100&pageNo=1',
    '1 market https://api.bitget.com/api/v3/market/orderbook?category=USDT-FUTURES&symbol=BTCUSDT&limit=200',
    '1 market https://api.bitget.com/api/v2/mix/market/merge-depth?productType=USDT-FUTURES&symbol=BTCUSDT&limit=max&precision=scale0',
    '1 tiers https://api.bitget.com/api/v3/market/position-tier?category=USDT-FUTURES&symbol=BTCUSDT',
    '1 tiers https://api.bitget.com/api/v2/mix/market/query-position-lever?productType=USDT-FUTURES&symbol=BTCUSDT',
    '1 liquidations https://api.bitget.com/api/v3/market/liquidations?category=USDT-FUTURES&symbol=BTCUSDT&limit=100',
    '1 account https://api.bitget.com/api/v3/market/futures-account-long-short?symbol=BTCUSDT&period=1h',
    '1 account https://api.bitget.com/api/v2/mix/market/account-long-short?productType=USDT-FUTURES&symbol=BTCUSDT&period=1h',
    '1 position https://api.bitget.com/api/v3/market/futures-position-long-short?symbol=BTCUSDT&period=1h',
    '1 position https://api.bitget.com/api/v2/mix/market/position-long-short?productType=USDT-FUTURES&symbol=BTCUSDT&period=1h',
    '1 taker https://api.bitget.com/api/v3/market/futures-active-buy-sell?symbol=BTCUSDT&period=1h',
    '1 taker https://api.bitget.com/api/v2/mix/market/taker-buy-sell?productType=USDT-FUTURES&symbol=BTCUSDT&period=1h',
  ],
  hyperliquid: [
    '20 address https://api.hyperliquid.xyz/info {"type":"metaAndAssetCtxs"}',
    '20 address https://api.hyperliquid.xyz/info {"type":"allPerpMetas"}',
    '21 address https://api.hyperliquid.xyz/info {"type":"candleSnapshot","req":{"coin":"BTC","interval":"5m","startTime":1700000100000,"endTime":1700000700000}}',
    '104 address https://api.hyperliquid.xyz/info {"type":"candleSnapshot","req":{"coin":"BTC","interval":"1h","startTime":0}}',
    '20 address https://api.hyperliquid.xyz/info {"type":"metaAndAssetCtxs"}',
    '20 address https://api.hyperliquid.xyz/info {"type":"metaAndAssetCtxs"}',
    '21 address https://api.hyperliquid.xyz/info {"type":"fundingHistory","coin":"BTC","startTime":1700000100000,"endTime":1700000700000}',
    '2 address https://api.hyperliquid.xyz/info {"type":"l2Book","coin":"BTC"}',
    '20 address https://api.hyperliquid.xyz/info {"type":"metaAndAssetCtxs"}',
  ],
};

it.each(venueFeeds.map((venue) => [venue.id, venue] as const))(
  '%s is asked in its own words',
  (id, venue) => {
    const instrument = coin(natives[id] ?? 'BTCUSDT', 'BTC-USDT');
    const calls = [
      ...venue.instruments(),
      venue.candles(instrument, '5m', range, 3),
      venue.candles(instrument, '1h'),
      venue.openInterest(instrument),
      venue.openInterestHistory?.(instrument, '30m', range, 3),
      venue.mark(instrument),
      venue.fundingState?.(instrument),
      venue.funding(instrument, range),
      venue.fundingIntervals?.(),
      venue.book(instrument),
      venue.tiers(instrument, 1),
      venue.forcedOrders?.(instrument),
      ...venue.ratioKinds.map((kind) => venue.ratios!(instrument, kind, '1h', range, 3)),
    ];
    /** A call with what stands behind it. */
    const ways = (call: Call<unknown> | undefined): Call<unknown>[] =>
      call ? [call, ...ways(call.otherwise)] : [];
    expect(
      calls
        .flatMap(ways)
        .map((call) => `${call.weight} ${call.pool} ${call.url}${call.body ? ` ${call.body}` : ''}`),
    ).toEqual(documented[id]);
    // A reply that leads on says how the pages join.
    for (const call of calls.flatMap(ways)) expect(call.next === undefined).toBe(call.join === undefined);
  },
);

it('no venue is asked beyond what it keeps, and in its own limits', () => {
  const [binance, bybit, okx, bitget, hyperliquid] = venueFeeds;
  expect(venueFeeds.map((venue) => venue.pools)).toEqual([
    {
      weight: { limit: 2400, perMs: 60_000 },
      statistics: { limit: 1000, perMs: 300_000 },
      funding: { limit: 500, perMs: 300_000 },
      website: { limit: 10, perMs: 60_000 },
    },
    { address: { limit: 600, perMs: 5_000 } },
    {
      candles: { limit: 40, perMs: 2_000 },
      booksFull: { limit: 10, perMs: 2_000 },
      history: { limit: 20, perMs: 2_000 },
      public: { limit: 10, perMs: 2_000 },
      openInterest: { limit: 10, perMs: 2_000 },
      ratios: { limit: 5, perMs: 2_000 },
    },
    {
      candles: { limit: 20, perMs: 2_000 },
      market: { limit: 20, perMs: 1_000 },
      funding: { limit: 20, perMs: 1_000 },
      tiers: { limit: 10, perMs: 1_000 },
      liquidations: { limit: 5, perMs: 1_000 },
      account: { limit: 1, perMs: 1_000 },
      position: { limit: 1, perMs: 1_000 },
      taker: { limit: 1, perMs: 1_000 },
    },
    { address: { limit: 1200, perMs: 60_000 }, accounts: { limit: 10, perMs: 86_400_000 } },
  ]);
  const day = 86_400_000;
  expect(binance!.openInterestDepthMs!('5m')).toBeLessThan(30 * day);
  expect(binance!.openInterestDepthMs!('5m')).toBeGreaterThan(29.9 * day);
  expect(['5m', '30m', '1h'].map((period) => okx!.openInterestDepthMs!(period as '5m') / day)).toEqual([
    5, 30, 60,
  ]);
  expect(venueFeeds.map((venue) => venue.maxCandles)).toEqual([1500, 1000, 300, 999, 5000]);
  expect([binance, bybit, okx].map((venue) => venue!.maxOpenInterest)).toEqual([500, 200, 99]);
  expect(venueFeeds.map((venue) => venue.maxFunding)).toEqual([1000, 200, 400, 800, 5000]);
  expect([bitget, hyperliquid].map((venue) => venue!.openInterestHistory)).toEqual([undefined, undefined]);
});
