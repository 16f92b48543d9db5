import { describe, expect, it, test } from 'vitest';
import { age, distance, percent, price, ratio, usd, usdRange } from '../../src/ui/format';

const plain = (text: string) => text.replaceAll('\u202f', ' ').replaceAll('\u2212', '-');

describe('usd', () => {
  test.each([
    [0, '$0'],
    [0.4, '$0'],
    [-0.4, '$0'],
    [812.4, '$812'],
    [999.4, '$999'],
    [999.6, '$1.00K'],
    [5_300, '$5.30K'],
    [34_160_000, '$34.2M'],
    [999_400_000, '$999M'],
    [999_600_000, '$1.00B'],
    [1_890_000_000, '$1.89B'],
    [2.5e15, '$2500T'],
    [-34_160_000, '-$34.2M'],
  ])('%d reads %s', (amount, text) => {
    expect(plain(usd(amount))).toBe(text);
  });
});

describe('percent and distance', () => {
  test.each([
    [0.0132, '1.3 %', '+1.3 %'],
    [-0.0132, '-1.3 %', '-1.3 %'],
    [0.0002, '0.0 %', '0.0 %'],
    [-0.0002, '0.0 %', '0.0 %'],
    [1.5, '150 %', '+150 %'],
  ])('%d reads %s, as a distance %s', (fraction, text, signed) => {
    expect(plain(percent(fraction))).toBe(text);
    expect(plain(distance(fraction))).toBe(signed);
  });
});

describe('age', () => {
  test.each([
    [-5_000, '0 s'],
    [12_400, '12 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [3_599_000, '59 min'],
    [7_300_000, '2 h'],
    [172_799_000, '47 h'],
    [172_800_000, '2 d'],
  ])('%d ms reads %s', (ms, text) => {
    expect(plain(age(ms))).toBe(text);
  });
});

describe('ratio and price', () => {
  test.each([
    [340 / 180, '1.89'],
    [9.996, '10.0'],
    [0.512, '0.51'],
    [123.4, '123'],
  ])('ratio %d reads %s', (value, text) => {
    expect(ratio(value)).toBe(text);
  });
  test.each([
    [97_012.37, '97,012'],
    [3_012.46, '3,012.5'],
    [1, '1.0000'],
    [0.000012345, '0.000012345'],
    [1_234_567, '1,234,567'],
  ])('price %d reads %s', (value, text) => {
    expect(price(value)).toBe(text);
  });
});

test('a missing or impossible number is a dash everywhere, never NaN', () => {
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, null, undefined]) {
    for (const format of [usd, percent, distance, age, ratio, price]) expect(format(bad)).toBe('–');
  }
  expect(price(0)).toBe('–');
  expect(price(-1)).toBe('–');
});

describe('usdRange', () => {
  it.each([
    [2_100_000, 15_400_000, '$2–15M'],
    [900_000, 5_300_000, '$0.9–5.3M'],
    [600_000, 12_000_000, '$0.6–12M'],
    [30_000, 5_300_000, '$30K–5.3M'],
    [450_000, 980_000, '$0.5–1M'],
    [120_000, 640_000, '$120–640K'],
    [100, 900, '$100–900'],
    [0, 5_000_000, '$0–5M'],
    [1_000_000, 1_000_000, '$1M'],
    [960_000_000, 4_200_000_000, '$1–4.2B'],
  ])('%d to %d: %s', (low, high, text) => {
    expect(usdRange(low, high)).toBe(text);
  });

  it('is a dash where an end is missing', () => {
    expect(usdRange(undefined, 5)).toBe('–');
    expect(usdRange(1, Number.NaN)).toBe('–');
  });
});
