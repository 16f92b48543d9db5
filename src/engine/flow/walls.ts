import type { Cluster } from '../map/clusters';
import { need } from '../need';
import type { Side } from '../records';
import { minuteMs } from '../time';
import { atDistance, type BookWall, bookWalls, type Depth, wallStep } from './depth';

export interface UnstableWall {
  side: Side;
  price: number;
  /** Largest USD it showed. */
  usd: number;
  /** How often it vanished within ten minutes. */
  count: number;
  /** When it first did, ms. */
  since: number;
}

interface Standing extends BookWall {
  /** When it appeared; null where it was there when watching began, or went on after a pause. */
  appeared: number | null;
}

interface Vanished {
  side: Side;
  price: number;
  usd: number;
  time: number;
}

const shortMs = minuteMs;
const rememberMs = 600_000;
const unstableTimes = 3;
/** A wall this close to a cluster's range counts, fraction of price. */
const nearness = 0.005;
/** Walls whose ln prices differ by no more than this are the same: bins move with price. */
const samePlace = 1.5 * wallStep;

/**
 * Watches the books for walls that appear and vanish within 60 seconds near a cluster. One that does so three times
 * within ten minutes is unstable: it may be meant to be seen, not to be traded with.
 *
 * A wall that price has reached was traded with, and one that still holds half of what it showed is still there;
 * neither counts. After a pause of more than a minute watching begins anew.
 *
 * @example
 * const watch = new WallWatch();
 * watch.observe(now, depth, clusters); // every few seconds: [{ side: 'long', price: 95_400, count: 3, … }]
 */
export class WallWatch {
  private standing: Standing[] = [];
  private vanished: Vanished[] = [];
  private last = Number.NEGATIVE_INFINITY;

  /**
   * @param time ms, later than the call before
   * @param depth joined books now
   * @param clusters of the map, as `clustersAt` returns them
   * @returns unstable walls of the last ten minutes
   * @throws RangeError for a time that does not advance
   */
  observe(time: number, depth: Depth, clusters: readonly Cluster[]): UnstableWall[] {
    need(Number.isFinite(time) && time > this.last, 'WallWatch.observe', 'a time later than the one before');
    const paused = time - this.last > shortMs;
    this.last = time;
    const walls = bookWalls(depth);
    const still: Standing[] = [];
    for (const wall of this.standing) {
      const reached = wall.side === 'long' ? depth.price <= wall.price : depth.price >= wall.price;
      if (reached) continue;
      if (holds(wall, depth)) still.push(wall);
      else if (wall.appeared !== null && time - wall.appeared <= shortMs && isNear(wall, clusters)) {
        this.vanished.push({ side: wall.side, price: wall.price, usd: wall.usd, time });
      }
    }
    for (const wall of walls) {
      const same = still.find((other) => isSame(other, wall));
      if (same) same.usd = Math.max(same.usd, wall.usd);
      else still.push({ ...wall, appeared: paused ? null : time });
    }
    this.standing = still;
    this.vanished = this.vanished.filter((event) => time - event.time < rememberMs);
    return this.unstable();
  }

  private unstable(): UnstableWall[] {
    const found: UnstableWall[] = [];
    for (const event of this.vanished) {
      if (found.some((wall) => isSame(wall, event))) continue;
      const same = this.vanished.filter((other) => isSame(other, event));
      if (same.length < unstableTimes) continue;
      found.push({
        side: event.side,
        price: event.price,
        usd: Math.max(...same.map((one) => one.usd)),
        count: same.length,
        since: event.time,
      });
    }
    return found;
  }
}

type Place = Pick<BookWall, 'side' | 'price'>;

const isSame = (a: Place, b: Place): boolean =>
  a.side === b.side && Math.abs(Math.log(a.price / b.price)) <= samePlace;

const isNear = (wall: Place, clusters: readonly Cluster[]): boolean =>
  clusters.some(
    ({ side, low, high }) =>
      side === wall.side && wall.price >= low * (1 - nearness) && wall.price <= high * (1 + nearness),
  );

/** Whether half of what a wall showed still rests at its place. */
function holds(wall: BookWall, depth: Depth): boolean {
  const distance = Math.abs(Math.log(wall.price / depth.price));
  const { usd } = depth[wall.side];
  return atDistance(usd, distance + samePlace) - atDistance(usd, distance - samePlace) >= wall.usd / 2;
}
