import { expect, it } from 'vitest';
import { HeardSpans } from '../../../src/background/venue/heard-spans';

const minute = 60_000;
const hear = (heard: HeardSpans, from: number, to: number) => {
  for (let time = from; time <= to; time += minute / 2) heard.hear(time);
};

it('messages without a break are one span, across which an hour is covered', () => {
  const heard = new HeardSpans();
  hear(heard, minute, 70 * minute);
  expect(heard.all).toEqual([[minute, 70 * minute]]);
  expect(heard.covers(minute, 61 * minute)).toBe(true);
  expect(heard.covers(0, 60 * minute)).toBe(false);
});

it('a break, however short, is no part of a span', () => {
  const heard = new HeardSpans();
  hear(heard, 0, 10 * minute);
  heard.cut();
  hear(heard, 10 * minute + 1, 20 * minute);
  expect(heard.covers(5 * minute, 15 * minute)).toBe(false);
  expect(heard.covers(11 * minute, 19 * minute)).toBe(true);
});

it('a break is one also where the next message comes within the same moment, or a staggering clock says before it', () => {
  for (const next of [10 * minute, 10 * minute - 20]) {
    const heard = new HeardSpans();
    hear(heard, 0, 10 * minute);
    heard.cut();
    heard.hear(next);
    hear(heard, 10 * minute + 5, 20 * minute);
    expect(heard.covers(5 * minute, 15 * minute)).toBe(false);
    expect(heard.covers(11 * minute, 19 * minute)).toBe(true);
  }
});

it('what a life before heard does not join what this one hears, nor does anything that is no span', () => {
  const heard = new HeardSpans();
  heard.hear(100 * minute);
  heard.recall([[0, 90 * minute], [5, 4], 'x', [1, Number.NaN], [95 * minute, 120 * minute]]);
  expect(heard.all).toEqual([
    [0, 90 * minute],
    [100 * minute, 100 * minute],
  ]);
  heard.recall({ spans: 1 });
  expect(heard.covers(80 * minute, 100 * minute)).toBe(false);
});

it('a venue’s clock may stagger, but not jump', () => {
  const heard = new HeardSpans();
  hear(heard, 0, 30 * minute);
  heard.hear(30 * minute - 900);
  hear(heard, 30 * minute, 40 * minute);
  expect(heard.all).toEqual([[0, 40 * minute]]);
  heard.hear(200 * minute);
  heard.hear(100 * minute);
  expect(heard.covers(0, 40 * minute)).toBe(true);
  expect(heard.covers(39 * minute, 100 * minute)).toBe(false);
  expect(heard.covers(100 * minute, 200 * minute)).toBe(false);
  hear(heard, 100 * minute, 110 * minute);
  expect(heard.covers(100 * minute, 110 * minute)).toBe(true);
});

it('what was lost, or said in silence, is taken out', () => {
  const heard = new HeardSpans();
  hear(heard, 0, 100 * minute);
  heard.lose(50 * minute);
  heard.loseFrom(80 * minute);
  expect(heard.covers(40 * minute, 60 * minute)).toBe(false);
  expect(heard.covers(51 * minute, 79 * minute)).toBe(true);
  expect(heard.covers(70 * minute, 90 * minute)).toBe(false);
  heard.forget(55 * minute);
  expect(heard.all).toEqual([[50 * minute + 1, 80 * minute]]);
});

it('remembers no more than some hundred breaks', () => {
  const heard = new HeardSpans();
  for (let i = 0; i < 5000; i++) {
    heard.cut();
    heard.hear(i * minute);
  }
  expect(heard.all.length).toBeLessThanOrEqual(500);
});
