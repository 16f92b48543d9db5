/**
 * Dates on which the whole market moves by announcement: rate decisions of the Federal Reserve and the US consumer price
 * index. Shipped, not fetched: no keyless official feed is known. Each list says where it is from and when it stops being
 * good; after that it is not shown at all.
 */

export interface EconomicEvent {
  kind: 'FOMC' | 'CPI';
  /** ms since 1970. */
  time: number;
  /** The publisher calls the date tentative. */
  tentative: boolean;
  source: string;
}

interface Schedule {
  kind: EconomicEvent['kind'];
  /** Days and the hour in New York. */
  days: string[];
  at: string;
  tentativeFrom?: string;
  source: string;
  /** Last day on which the list may be believed, UTC. */
  expires: string;
}

const schedules: Schedule[] = [
  {
    kind: 'FOMC',
    // The second day of each meeting, when the statement comes out.
    days: [
      '2026-01-28',
      '2026-03-18',
      '2026-04-29',
      '2026-06-17',
      '2026-07-29',
      '2026-09-16',
      '2026-10-28',
      '2026-12-09',
      '2027-01-27',
      '2027-03-17',
      '2027-04-28',
      '2027-06-09',
      '2027-07-28',
      '2027-09-15',
      '2027-10-27',
      '2027-12-08',
    ],
    at: '14:00',
    tentativeFrom: '2027-01-01',
    source: 'https://www.federalreserve.gov/monetarypolicy/fomccalendars.htm',
    expires: '2027-12-31',
  },
  {
    kind: 'CPI',
    days: [
      '2026-01-13',
      '2026-02-13',
      '2026-03-11',
      '2026-04-10',
      '2026-05-12',
      '2026-06-10',
      '2026-07-14',
      '2026-08-12',
      '2026-09-11',
      '2026-10-14',
      '2026-11-10',
      '2026-12-10',
    ],
    at: '08:30',
    source: 'https://www.bls.gov/schedule/news_release/cpi.htm',
    // The dates of 2027 were not out when this was written.
    expires: '2026-12-31',
  },
];

const newYork = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/New_York',
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
});

/** What New York's clocks show at a moment, read as if it were UTC. */
function wallClock(time: number): number {
  const parts = Object.fromEntries(newYork.formatToParts(time).map(({ type, value }) => [type, value]));
  return Date.parse(`${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}:00Z`);
}

/**
 * The moment at which New York's clocks show a day and hour, ms; summer time is the time zone's business.
 *
 * @example
 * newYorkTime('2026-12-09', '14:00') === Date.UTC(2026, 11, 9, 19)
 * newYorkTime('2026-07-29', '14:00') === Date.UTC(2026, 6, 29, 18)
 */
export function newYorkTime(day: string, hour: string): number {
  const wanted = Date.parse(`${day}T${hour}:00Z`);
  return wanted + (wanted - wallClock(wanted));
}

let lists: { expires: number; events: EconomicEvent[] }[] | undefined;

/** Made once: what New York's clocks show is costly to tell. */
function allLists(): NonNullable<typeof lists> {
  lists ??= schedules.map(({ kind, days, at, tentativeFrom, source, expires }) => ({
    expires: Date.parse(`${expires}T23:59:59Z`),
    events: days.map((day) => ({
      kind,
      time: newYorkTime(day, at),
      tentative: tentativeFrom !== undefined && day >= tentativeFrom,
      source,
    })),
  }));
  return lists;
}

/** Events of all lists that still hold at `now` (ms), ascending. */
export function economicEvents(now: number): EconomicEvent[] {
  return allLists()
    .filter(({ expires }) => now <= expires)
    .flatMap(({ events }) => events)
    .sort((a, b) => a.time - b.time);
}
