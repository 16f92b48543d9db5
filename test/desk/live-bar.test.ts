import { expect, test } from 'vitest';
import { liveBar } from '../../src/desk/live-bar';
import { minuteMs } from '../../src/engine/time';

const stepMs = 5 * minuteMs;
const candles = {
  stepMs,
  time: [0, stepMs],
  open: [100, 101],
  high: [102, 103],
  low: [99, 100],
  close: [101, 102],
  volume: [1, 1],
};

test('a price after the last bar begins a bar where that one closed', () => {
  expect(liveBar(candles, undefined, 104, 2 * stepMs + 1)).toEqual({
    time: 2 * stepMs,
    open: 102,
    high: 104,
    low: 102,
    close: 104,
  });
});

test('the bar that goes on keeps the extremes that were seen', () => {
  const before = { time: 2 * stepMs, open: 102, high: 110, low: 102, close: 104 };
  expect(liveBar(candles, before, 101, 2 * stepMs + 2)).toMatchObject({ high: 110, low: 101, close: 101 });
  expect(liveBar(candles, before, 101, 3 * stepMs)).toMatchObject({ high: 102, low: 101 });
});

test('a bar that was told and is not over yet closes at the price of now', () => {
  expect(liveBar(candles, undefined, 104, stepMs + 1)).toEqual({
    time: stepMs,
    open: 101,
    high: 104,
    low: 100,
    close: 104,
  });
});

test('a price without its time, or of a time before the last bar, changes nothing', () => {
  expect(liveBar(candles, undefined, 104, undefined)).toBeUndefined();
  expect(liveBar(candles, undefined, 104, stepMs - 1)).toBeUndefined();
});

test('a price of earlier than the bar of now leaves it as it is', () => {
  const before = { time: 3 * stepMs, open: 102, high: 110, low: 102, close: 104 };
  expect(liveBar(candles, before, 90, 2 * stepMs)).toBe(before);
});
