import { firstAtOrAfter } from '../../engine/bar-columns';
import type { BarColumns } from '../../engine/records';
import { type Banner, findBanners } from '../../engine/regime/regime';
import { dayMs } from '../../engine/time';
import { slotMs } from '../../estimate/day-cells';
import { economicEvents } from '../../feeds/calendar';
import type { Tick } from '../../protocol/view';
import { texts } from '../browser/texts';
import type { Listing } from '../venue/listing';
import type { OrderTape } from '../venue/order-tape';
import type { BuiltBars } from './map-builder';

/** Slots of open interest that are looked back on: four hours and a little. */
const slots = 54;

/**
 * What a user should know before trusting the map now, most important first, in words. `reference` is the venue whose
 * bars and funding stand for the market.
 */
export function bannersOf(
  reference: Listing,
  built: BuiltBars,
  tape: OrderTape,
  now: number,
): Tick['banners'] {
  const bars = built.get(reference);
  if (!bars || bars.length === 0) return [];
  const openInterest = totals([...built.values()], bars);
  const banners = findBanners({
    now,
    openInterest,
    forced: tape.recent(now),
    hourlyForcedUsd: tape.hourlyUsd(now),
    bars,
    funding: reference.runningFunding(),
    settled: reference.funding.settled,
    venues: [...built.keys()].flatMap((listing) =>
      listing.clock.advancedAt === undefined
        ? []
        : [
            {
              venue: listing.venue.name,
              lastMessage: Math.min(now, listing.clock.advancedAt),
              openInterest: listing.live.changedOpenInterest ? [listing.live.changedOpenInterest] : [],
            },
          ],
    ),
    // Words cost time, and of what is a day away none are said.
    events: economicEvents(now)
      .filter(({ time }) => Math.abs(time - now) < dayMs)
      .map((event) => ({ name: texts.event(event), time: event.time })),
  });
  return banners.map((banner: Banner) => ({ kind: banner.kind, text: texts.banner(banner) }));
}

/** Open interest of all venues together at the newest slots for which every venue has a bar. */
function totals(
  all: readonly BarColumns[],
  reference: BarColumns,
): { time: number; base: number; usd: number }[] {
  const points: { time: number; base: number; usd: number }[] = [];
  const from = reference.time[reference.length - 1]! - slots * slotMs;
  const positions = all.map((bars) => firstAtOrAfter(bars, from));
  for (let i = Math.max(0, reference.length - slots); i < reference.length; i++) {
    const time = reference.time[i]!;
    let base = 0;
    let complete = true;
    all.forEach((bars, v) => {
      let at = positions[v]!;
      while (at < bars.length && bars.time[at]! < time) at++;
      positions[v] = at;
      if (at < bars.length && bars.time[at] === time) base += bars.openInterestClose[at]!;
      else complete = false;
    });
    if (complete) points.push({ time: time + slotMs, base, usd: base * reference.close[i]! });
  }
  return points;
}
