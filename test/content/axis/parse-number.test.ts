import { describe, expect, it } from 'vitest';
import { parseNumber } from '../../../src/content/axis/parse-number';

const value = (text: string, dotGroups = false) => parseNumber(text, dotGroups)?.value;

describe('parseNumber', () => {
  const readable: [string, number][] = [
    ['64000', 64_000],
    ['1,234.5', 1234.5],
    ['1.234,5', 1234.5],
    ['1 234,5', 1234.5],
    ['1\u202f234\u00a0567.8', 1_234_567.8],
    ['1\u202f234,5', 1234.5],
    ["1'234.50", 1234.5],
    ['12.5K', 12_500],
    ['3.2M', 3_200_000],
    ['0.0₅123', 0.00000123],
    ['0.0{5}94', 0.0000094],
    ['0.0₁₂5', 5e-13],
    ['−3.25', -3.25],
    ['$64,000', 64_000],
    ['64,000 USDT', 64_000],
    ['\u200e97,123.4', 97_123.4],
    ['0.5', 0.5],
    ['12,345,678', 12_345_678],
    ['0.10131e-4', 0.000010131],
    ['1.0131E+3', 1013.1],
    ['0,123', 0.123],
    ['٦٤٬٠٠٠٫٥', 64_000.5],
    ['۰٫۰۰۱۲', 0.0012],
    ['६४,०००', 64_000],
    ['1,23,456.7', 123_456.7],
    ['US$64,000.5', 64_000.5],
    ['€64,000', 64_000],
    ['64.000,5 EUR', 64_000.5],
    ['R$ 350.000,50', 350_000.5],
    ['６４０００．５', 64_000.5],
  ];
  for (const [text, number] of readable) {
    it(`reads ${JSON.stringify(text)} as ${number}`, () => {
      expect(value(text)).toBeCloseTo(number, 15 - Math.ceil(Math.log10(Math.abs(number) + 1)));
    });
  }

  for (const text of [
    '',
    '12:30',
    'BTC 5',
    '1-2',
    '1,23,4.5',
    '1.2.3,4',
    '--5',
    'K',
    '09-01 08:40',
    '0.0{45}1',
    '1e5',
  ]) {
    it(`does not take ${JSON.stringify(text)} for a number`, () => {
      expect(parseNumber(text)).toBeUndefined();
    });
  }

  it('marks percentages and abbreviations', () => {
    expect(parseNumber('−1.25 %')).toMatchObject({ value: -1.25, percent: true });
    expect(parseNumber('64K')).toMatchObject({ abbreviated: true, percent: false });
  });

  it('tells the dollar from other money', () => {
    for (const text of ['$64,000', 'US$64,000', '64,000 USDT', '64,000 USD', '64,000'])
      expect(parseNumber(text), text).toMatchObject({ foreign: false });
    for (const text of ['€64,000', '64,000 €', 'A$64,000', '£64,000', '64,000 EUR', 'AED 64,000', '0.05 BTC'])
      expect(parseNumber(text), text).toMatchObject({ foreign: true });
  });

  it('says how far the true value can be from what is printed', () => {
    expect(parseNumber('64,000.0')?.half).toBeCloseTo(0.05);
    expect(parseNumber('12.5K')?.half).toBeCloseTo(50);
    expect(parseNumber('0.0₅123')?.half).toBeCloseTo(0.5e-8, 12);
    expect(parseNumber('0.10131e-4')?.half).toBeCloseTo(0.5e-9, 13);
  });

  it('reads a lone group of three either way, as told', () => {
    expect(value('64,000')).toBe(64_000);
    expect(value('64.000')).toBe(64);
    expect(value('64.000', true)).toBe(64_000);
    expect(value('64,000', true)).toBe(64);
  });
});
