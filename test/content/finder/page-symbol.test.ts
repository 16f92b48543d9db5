import { describe, expect, it } from 'vitest';
import { pageSymbol } from '../../../src/content/finder/page-symbol';
import { readSettings } from '../../../src/protocol/settings';

const at = (href: string, site: object | undefined, named?: string) => {
  const url = new URL(href);
  const settings = readSettings(site && { sites: { [url.hostname]: site } });
  return pageSymbol({ url, title: '', host: url.hostname, named }, settings)?.symbol;
};
const btc = 'https://www.binance.com/en/futures/BTCUSDT';
const eth = 'https://www.binance.com/en/futures/ETHUSDT';
const unknown = 'https://charts.example.com/view';

describe('the market of a page', () => {
  it('is what its site tells', () => {
    expect(at(btc, undefined)).toBe('BTC-USDT');
    expect(at(unknown, undefined)).toBeUndefined();
  });

  it('is what the frame’s own charting library tells, where that is another coin', () => {
    expect(at(btc, undefined, 'ETHUSDT')).toBe('ETH-USDT');
    expect(at(btc, undefined, 'BINANCE:SOLUSDT.P')).toBe('SOL-USDT');
    expect(at(unknown, undefined, 'ETHUSDT')).toBe('ETH-USDT');
    expect(at(btc, undefined, 'Bitcoin perpetual')).toBe('BTC-USDT');
  });

  it('is the one picked where the site tells none', () => {
    expect(at(unknown, { symbol: 'SOL-USDT' })).toBe('SOL-USDT');
    expect(at(unknown, { symbol: '1000PEPE-USDT' })).toBe('PEPE-USDT');
  });

  it('is the one picked where it corrects a wrong guess, and no other page of that host', () => {
    const picked = { symbol: 'SOL-USDT', insteadOf: 'BTC-USDT' };
    expect(at(btc, picked)).toBe('SOL-USDT');
    expect(at(eth, picked)).toBe('ETH-USDT');
    expect(at(btc, { symbol: 'SOL-USDT' })).toBe('BTC-USDT');
  });

  it('is not what somebody broke in storage', () => {
    for (const symbol of ['<b>', 5, null, 'BTC']) expect(at(unknown, { symbol })).toBeUndefined();
  });
});
