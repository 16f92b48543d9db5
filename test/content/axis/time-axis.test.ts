import { describe, expect, it } from 'vitest';
import type { AxisMessage } from '../../../src/content/axis/axis-message';
import { fitAxis } from '../../../src/content/axis/fit';
import { fitTime } from '../../../src/content/axis/time-axis';

/** Labels centred at x of one row; bitmap pixels are half a CSS pixel. */
function message(labels: [text: string, x: number][]): AxisMessage {
  return {
    width: 2 * (labels.at(-1)![1] + 40),
    height: 56,
    labels: labels.map(([text, x]) => ({
      text,
      x: x * 2,
      y: 28,
      anchor: 28,
      align: 1,
      width: 60,
      height: 16,
      style: 0,
      boxed: false,
    })),
    clips: [],
    lines: [],
    batch: 1,
  };
}
const read = (...labels: [string, number][]) => fitTime(fitAxis, message(labels), 0.5);

describe('a time axis', () => {
  it.each<[string, [string, number][], number]>([
    [
      'hours',
      [
        ['10:00', 100],
        ['11:00', 160],
        ['12:30', 250],
      ],
      1,
    ],
    [
      'midnight as the day of the month',
      [
        ['18:00', 0],
        ['16', 36],
        ['06:00', 72],
        ['12:00', 108],
      ],
      0.1,
    ],
    [
      'midnight as a date',
      [
        ['18:00', 0],
        ['16 Sep', 36],
        ['06:00', 72],
      ],
      0.1,
    ],
    [
      'date and time in one',
      [
        ['09-15 20:00', 20],
        ['09-16 00:00', 60],
        ['09-16 04:00', 100],
      ],
      1 / 6,
    ],
    [
      'twelve hours',
      [
        ['10:00 AM', 0],
        ['12:00 PM', 120],
        ['2:30 PM', 270],
        ['4 p.m.', 360],
      ],
      1,
    ],
    [
      'days, several between two labels',
      [
        ['28', 0],
        ['30', 20],
        ['2', 50],
      ],
      10 / 1440,
    ],
    [
      'two days that stand where they say',
      [
        ['23', 619.24],
        ['25', 703.34],
      ],
      84.1 / 2880,
    ],
    [
      'days over the end of a month of thirty',
      [
        ['16', 0],
        ['23', 70],
        ['30', 140],
        ['7', 210],
        ['14', 280],
      ],
      10 / 1440,
    ],
    [
      'the same time on two days',
      [
        ['12:00', 0],
        ['16', 72],
        ['12:00', 144],
        ['17', 216],
      ],
      0.1,
    ],
  ])('%s', (_, labels, perMinute) => {
    expect(read(...labels)?.b).toBeCloseTo(perMinute, 9);
  });

  it('tells the time of day at any place', () => {
    const { a, b } = read(['18:00', 0], ['16', 36], ['06:00', 72])!;
    expect(((54 - a) / b + 14_400_000) % 1440).toBeCloseTo(180);
  });

  it('one label in four may be off, as a date at the first bar of its day', () => {
    const hours = [0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30];
    const labels = hours.map((hour): [string, number] => [
      hour === 24 ? '16' : `${hour % 24}:00`,
      (hour + (hour === 24 ? 1 : 0)) * 60,
    ]);
    expect(read(...labels)?.b).toBeCloseTo(1);
  });

  it.each<[string, [string, number][]]>([
    [
      'two labels',
      [
        ['10:00', 0],
        ['11:00', 60],
      ],
    ],
    [
      'times that are no line',
      [
        ['10:00', 0],
        ['11:00', 60],
        ['12:00', 100],
        ['13:00', 300],
      ],
    ],
    [
      'prices',
      [
        ['64000.0', 0],
        ['65000.0', 60],
        ['66000.0', 120],
      ],
    ],
    [
      'times that run backwards',
      [
        ['12:00', 0],
        ['11:00', 60],
        ['10:00', 100],
        ['09:00', 190],
      ],
    ],
  ])('is none: %s', (_, labels) => {
    expect(read(...labels)).toBeUndefined();
  });
});
