/** Pages with a chart to begin with. */
export const charts = [
  { name: 'Binance', url: 'https://www.binance.com/en/futures/BTCUSDT', market: 'BTCUSDT' },
  { name: 'Bybit', url: 'https://www.bybit.com/trade/usdt/BTCUSDT', market: 'BTCUSDT' },
  { name: 'OKX', url: 'https://www.okx.com/trade-swap/btc-usdt-swap', market: 'BTCUSDT' },
  { name: 'Bitget', url: 'https://www.bitget.com/futures/usdt/BTCUSDT', market: 'BTCUSDT' },
  { name: 'Hyperliquid', url: 'https://app.hyperliquid.xyz/trade/BTC', market: 'BTC' },
  { name: 'TradingView', url: 'https://www.tradingview.com/chart/?symbol=BINANCE%3ABTCUSDT.P', market: '' },
] as const;
