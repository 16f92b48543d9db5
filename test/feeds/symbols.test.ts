import { describe, expect, it } from 'vitest';
import { findInstrument, splitMultiplier, withoutClashes } from '../../src/feeds/symbols';
import { coin } from './fixture';

describe('splitMultiplier', () => {
  it.each([
    ['BTC', 'BTC', 1],
    ['1000PEPE', 'PEPE', 1000],
    ['10000LADYS', 'LADYS', 10_000],
    ['10000SATS', 'SATS', 10_000],
    ['1000000MOG', 'MOG', 1_000_000],
    ['10000000AIDOGE', 'AIDOGE', 10_000_000],
    ['1MBABYDOGE', 'BABYDOGE', 1_000_000],
    ['SHIB1000', 'SHIB', 1000],
    ['1INCH', '1INCH', 1],
    ['1000', '1000', 1],
    ['0G', '0G', 1],
  ])('%s is %s × %d', (base, name, multiplier) => {
    expect(splitMultiplier(base)).toEqual({ coin: name, multiplier });
  });
});

describe('withoutClashes', () => {
  it('gives the coin’s name to the plain listing and its own name to the thousands beside it', () => {
    const list = [coin('1000XUSDT', 'X-USDT', { multiplier: 1000 }), coin('XUSDT', 'X-USDT')];
    expect(withoutClashes(list).map((each) => [each.native, each.symbol, each.multiplier])).toEqual([
      ['1000XUSDT', '1000X-USDT', 1],
      ['XUSDT', 'X-USDT', 1],
    ]);
  });

  it('leaves out names that are no plain letters and digits', () => {
    expect(withoutClashes([coin('币安人生USDT', '币安人生-USDT'), coin('AUSDT', 'A-USDT')])).toHaveLength(1);
  });
});

describe('findInstrument', () => {
  const binance = [
    coin('BTCUSDT', 'BTC-USDT'),
    coin('1000PEPEUSDT', 'PEPE-USDT', { multiplier: 1000 }),
    coin('1INCHUSDT', '1INCH-USDT'),
    coin('KASUSDT', 'KAS-USDT'),
  ];
  const hyperliquid = [
    coin('BTC', 'BTC-USDT'),
    coin('kPEPE', 'PEPE-USDT', { multiplier: 1000 }),
    coin('KAS', 'KAS-USDT'),
  ];
  const okx = [coin('BTC-USDT-SWAP', 'BTC-USDT'), coin('PEPE-USDT-SWAP', 'PEPE-USDT')];

  it.each([
    ['BTCUSDT', 'BTCUSDT'],
    ['btcusdt', 'BTCUSDT'],
    ['BTC-USDT', 'BTCUSDT'],
    ['BTC-USDT-SWAP', 'BTCUSDT'],
    ['BTCUSDT.P', 'BTCUSDT'],
    ['BTC_USDT', 'BTCUSDT'],
    ['BTC/USDT', 'BTCUSDT'],
    ['BTC-USD', 'BTCUSDT'],
    ['BTCUSD_PERP', 'BTCUSDT'],
    ['XBTUSDTM', 'BTCUSDT'],
    ['XBTUSD', 'BTCUSDT'],
    ['PF_XBTUSD', 'BTCUSDT'],
    ['BTC-PERPETUAL', 'BTCUSDT'],
    ['PEPEUSDT', '1000PEPEUSDT'],
    ['kPEPE', '1000PEPEUSDT'],
    ['1000000PEPEUSDT', '1000PEPEUSDT'],
    ['1INCHUSDT', '1INCHUSDT'],
    ['1INCH_USDT', '1INCHUSDT'],
    ['KAS_USDT', 'KASUSDT'],
  ])('finds %s on Binance as %s', (name, native) => {
    expect(findInstrument(name, binance)?.native).toBe(native);
  });

  it('finds thousands on venues that list the coin itself, and the other way', () => {
    expect(findInstrument('1000PEPEUSDT', okx)?.native).toBe('PEPE-USDT-SWAP');
    expect(findInstrument('1000PEPEUSDT.P', hyperliquid)?.native).toBe('kPEPE');
    expect(findInstrument('KAS', hyperliquid)?.native).toBe('KAS');
  });

  it('finds nothing under a name that is not listed', () => {
    expect(findInstrument('NOSUCHUSDT', binance)).toBeUndefined();
    expect(findInstrument('', binance)).toBeUndefined();
    expect(findInstrument('INCHUSDT', binance)).toBeUndefined();
  });
});
