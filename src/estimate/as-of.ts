import { sliceBars } from '../engine/bar-columns';
import type { VenueBars } from '../engine/map/map';
import type { BarColumns, WindowId } from '../engine/records';
import { windowMs } from '../engine/records';
import type { MapView } from '../protocol/view';
import { slotMs } from './day-cells';
import { barsOf, estimateMaps, isMostlyYoung, levelsOf, qOf, type VenueMarket } from './market';
import { closesOf, viewOf } from './view';

/** The bars that had closed by a moment. */
function closedBy(bars: BarColumns, time: number): BarColumns {
  let length = bars.length;
  while (length > 0 && bars.time[length - 1]! + slotMs > time) length--;
  return sliceBars(bars, 0, length);
}

/** A map needs this much history behind it to say anything. */
const leastHistoryMs = 86_400_000;

/**
 * The map as it stood at an earlier moment: built from the bars that had closed by then, at the price of the first venue.
 * Nothing that came later is in it but two slow things that are today's: what is typical at a distance, and q.
 *
 * @param markets the venue whose price it is expressed at first
 * @returns undefined where that venue has less than a day of history before the moment
 */
export function viewAsOf(
  symbol: string,
  markets: readonly VenueMarket[],
  { time, window }: { time: number; window: WindowId },
): MapView | undefined {
  const bars = barsOf(markets);
  const then = markets.flatMap((market, i): { market: VenueMarket; bars: VenueBars }[] => {
    const before = closedBy(bars[i]!.bars, time);
    const last = before.length - 1;
    const openInterest = before.openInterestClose[last];
    if (last < 0 || !(openInterest! > 0)) return [];
    const mark = before.close[last]!;
    return [
      {
        market: { ...market, mark, openInterest: openInterest!, now: time },
        bars: { ...bars[i]!, bars: before, mark, openInterest: openInterest! },
      },
    ];
  });
  const [first] = then;
  if (first?.market.venue !== markets[0]?.venue || !first) return undefined;
  const historyFrom = first.bars.bars.time[0]!;
  if (time - historyFrom < leastHistoryMs) return undefined;
  const venues = then.map((each) => each.bars);
  const those = then.map(({ market }) => market);
  const price = first.market.mark;
  const { maps, whole } = estimateMaps(venues, [window], price);
  const map = maps.get(window)!;
  const closes = closesOf(first.bars.bars, slotMs, windowMs[window]);
  return viewOf(
    map,
    levelsOf(whole, first.bars, those),
    { ratio: 1, price },
    {
      symbol,
      window,
      provisional: false,
      isTypicalYoung: isMostlyYoung(venues),
      historyFrom,
      asOf: time,
      q: qOf(map, those),
      ...(closes && { closes }),
    },
  );
}
