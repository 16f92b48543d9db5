import { describe, expect, it } from 'vitest';
import { oddMarks, type Quote } from '../../../src/background/symbol/odd-marks';

const quote = (venue: Quote['venue'], mark: number, change: Partial<Quote> = {}): Quote => ({
  venue,
  mark,
  openInterestUsd: 1e6,
  isShown: false,
  wasOdd: false,
  ...change,
});

describe('marks of one symbol', () => {
  it('are all of one coin where they lie within five percent', () => {
    const quotes = [quote('binance', 100), quote('okx', 104.9), quote('bybit', 102)];
    expect(oddMarks(quotes).size).toBe(0);
    expect(oddMarks([]).size).toBe(0);
    expect(oddMarks([quote('okx', 3)]).size).toBe(0);
  });

  it('show the odd one, and how far it is away', () => {
    const quotes = [quote('bitget', 1), quote('binance', 100), quote('okx', 101)];
    const odd = oddMarks(quotes);
    expect([...odd.keys()]).toEqual(['bitget']);
    expect(odd.get('bitget')).toBeCloseTo(0.01, 3);
  });

  it('show nothing of who is right where two differ, but for the page and the open interest', () => {
    const [one, other] = [quote('binance', 100), quote('bitget', 1)];
    expect([...oddMarks([one, other]).keys()]).toEqual(['bitget']);
    expect([...oddMarks([one, { ...other, openInterestUsd: 2e6 }]).keys()]).toEqual(['binance']);
    expect([...oddMarks([one, { ...other, isShown: true }]).keys()]).toEqual(['binance']);
    const larger = { ...one, openInterestUsd: 9e9 };
    expect([...oddMarks([larger, { ...other, isShown: true }]).keys()]).toEqual(['binance']);
  });

  it('believe three venues before the page of a fourth', () => {
    const quotes = [
      quote('binance', 100),
      quote('okx', 100),
      quote('bybit', 100),
      quote('bitget', 1, { isShown: true }),
    ];
    expect([...oddMarks(quotes).keys()]).toEqual(['bitget']);
  });

  it('take an odd one back only once it is nearer than what made it odd', () => {
    const quotes = (mark: number) => [
      quote('binance', 100),
      quote('okx', 100),
      quote('bitget', mark, { wasOdd: true }),
    ];
    expect(oddMarks(quotes(104)).size).toBe(1);
    expect(oddMarks(quotes(102)).size).toBe(0);
  });
});
