import { venues } from '../venues';

/** Pages with a chart to begin with. */
export const charts = [
  ...venues.map(({ name, pages, chart }) => ({
    name,
    url: `https://${pages[0]}${chart}`,
    market: chart.split('/').at(-1)!.toUpperCase(),
  })),
  {
    name: 'TradingView',
    url: `https://www.tradingview.com/chart/?symbol=${venues[0]!.name.toUpperCase()}%3ABTCUSDT.P`,
    market: '',
  },
];
