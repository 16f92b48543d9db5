import { describe, expect, it } from 'vitest';
import { economicEvents, newYorkTime } from '../../src/feeds/calendar';

describe('newYorkTime', () => {
  it('is five hours behind UTC in winter and four in summer', () => {
    expect(newYorkTime('2026-12-09', '14:00')).toBe(Date.UTC(2026, 11, 9, 19));
    expect(newYorkTime('2026-07-29', '14:00')).toBe(Date.UTC(2026, 6, 29, 18));
  });

  it('follows the change of clocks: 8 March and 1 November 2026', () => {
    expect(newYorkTime('2026-03-07', '08:30')).toBe(Date.UTC(2026, 2, 7, 13, 30));
    expect(newYorkTime('2026-03-08', '08:30')).toBe(Date.UTC(2026, 2, 8, 12, 30));
    expect(newYorkTime('2026-10-31', '08:30')).toBe(Date.UTC(2026, 9, 31, 12, 30));
    expect(newYorkTime('2026-11-01', '08:30')).toBe(Date.UTC(2026, 10, 1, 13, 30));
  });
});

describe('economicEvents', () => {
  it('are ascending, with source, and the year to come marked tentative', () => {
    const events = economicEvents(Date.UTC(2026, 8, 1));
    expect(events.map((event) => event.time)).toEqual(
      events.map((event) => event.time).sort((a, b) => a - b),
    );
    expect(events.filter((event) => event.kind === 'FOMC')).toHaveLength(16);
    expect(events.filter((event) => event.kind === 'CPI')).toHaveLength(12);
    expect(events.filter((event) => event.tentative)).toHaveLength(8);
    expect(events.every((event) => event.source.startsWith('https://'))).toBe(true);
  });

  it('hold the September 2026 figures at 12:30 UTC', () => {
    expect(economicEvents(0)).toContainEqual({
      kind: 'CPI',
      time: Date.UTC(2026, 8, 11, 12, 30),
      tentative: false,
      source: 'https://www.bls.gov/schedule/news_release/cpi.htm',
    });
  });

  it('vanish list by list once a list has expired', () => {
    expect(new Set(economicEvents(Date.UTC(2027, 0, 1)).map((event) => event.kind))).toEqual(
      new Set(['FOMC']),
    );
    expect(economicEvents(Date.UTC(2028, 0, 1))).toEqual([]);
  });
});
