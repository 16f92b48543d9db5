import { describe, expect, it } from 'vitest';
import { IdentityCheck, isTitledOtherwise } from '../../../src/content/axis/identity';

const btc = (price: number, ...titled: number[]) => ({ symbol: 'BTC-USDT', price, titled });
const read = (tags: number[]) => new IdentityCheck().read(tags, btc(64_000), 0);

describe('whose chart it is', () => {
  it('is the symbol’s where a tag repeats its price, as far as venues differ', () => {
    for (const tag of [64_000, 64_150, 63_700, 64_400]) expect(read([tag])).toBe('own');
  });

  for (const times of [0.75, 0.86, 0.97, 0.99, 1.01, 1.03, 1.35, 1.5, 3.67]) {
    it(`is another’s where the one tag is ${times} times the price`, () => {
      expect(read([64_000 * times])).toBe('other');
    });
  }

  it('is untold without tags', () => expect(read([])).toBe('untold'));

  it('asks more of each of many tags', () => {
    const orders = Array.from({ length: 30 }, (_, i) => 65_000 + 500 * i);
    expect(read([...orders, 64_300])).toBe('other');
    expect(read([...orders, 64_050])).toBe('own');
  });

  it('stays another’s while its tags are out of view, until one is the price', () => {
    const check = new IdentityCheck();
    expect(check.read([61_000], btc(64_000), 0)).toBe('other');
    expect(check.read([], btc(64_000), 1)).toBe('other');
    expect(check.read([64_050], btc(64_000), 2)).toBe('other');
    expect(check.turnsIn(502)).toBe(500);
    expect(check.read([64_040], btc(64_000), 1002)).toBe('own');
  });

  it('stays another’s where a bar in its past passes the price', () => {
    const check = new IdentityCheck();
    expect(check.read([66_000], btc(64_000), 0)).toBe('other');
    for (let at = 100; at < 5000; at += 700) {
      expect(check.read([64_050], btc(64_000), at)).toBe('other');
      expect(check.read([65_000], btc(64_000), at + 600)).toBe('other');
    }
  });

  it('stays known while the chart shows older prices, until the symbol is another one', () => {
    const check = new IdentityCheck();
    expect(check.read([64_010], btc(64_000), 0)).toBe('own');
    expect(check.read([58_000], btc(64_100), 1)).toBe('own');
    expect(check.read([64_000], { symbol: 'ETH-USDT', price: 62_000, titled: [] }, 2)).toBe('other');
  });
});

describe('the last price in a page’s title', () => {
  it('is the symbol’s in one of its readings, some seconds old at most', () => {
    expect(isTitledOtherwise(btc(64_000))).toBe(false);
    expect(isTitledOtherwise(btc(64_000, 64_100))).toBe(false);
    expect(isTitledOtherwise(btc(64_000, 64.1, 64_100))).toBe(false);
  });

  for (const times of [0.75, 0.86, 0.92, 1.08, 1.35, 1.53, 3.67]) {
    it(`is another currency’s where it is ${times} times the price`, () => {
      expect(isTitledOtherwise(btc(64_000, 64_000 * times))).toBe(true);
    });
  }
});
