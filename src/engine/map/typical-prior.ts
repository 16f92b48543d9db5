import { Inventory } from '../positions/inventory';
import type { InventoryOptions } from '../positions/inventory-options';
import type { BarColumns } from '../records';
import { hourMs, minuteMs } from '../time';

const fiveMinutesMs = 5 * minuteMs;
/** Five days: the first fills the reservoir. */
const barCount = 1440;

/** Bars of a random walk at the pace of large coins: calm and busy hours, 9 % of open interest traded an hour. */
function walk(): BarColumns {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 0) / 4294967296;
  };
  const column = () => new Float64Array(barCount);
  const bars: BarColumns = {
    length: barCount,
    time: column(),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
    openInterest: column().fill(1),
    openInterestClose: column().fill(1),
  };
  let price = 1;
  let pace = 1;
  for (let i = 0; i < barCount; i++) {
    if (i % 12 === 0) pace = 0.5 + 2 * random() ** 3;
    const close = price * Math.exp((random() + random() + random() - 1.5) * 0.0025 * pace);
    bars.time[i] = i * fiveMinutesMs;
    bars.open[i] = price;
    bars.close[i] = close;
    bars.high[i] = Math.max(price, close) * (1 + random() * 0.001 * pace);
    bars.low[i] = Math.min(price, close) * (1 - random() * 0.001 * pace);
    bars.volume[i] = (0.09 / 12) * pace;
    price = close;
  }
  return bars;
}

let walked: BarColumns | undefined;

/**
 * Inventories at whole hours of a market like others under a venue's own margin terms: what its map looks like before
 * anything is known of it.
 */
export function* typicalHours(model: InventoryOptions): Generator<Inventory> {
  walked ??= walk();
  const inventory = new Inventory(model);
  for (let i = 0; i < barCount; i++) {
    inventory.addBar(walked, i);
    if (i >= 288 && inventory.time % hourMs === 0) yield inventory;
  }
}
