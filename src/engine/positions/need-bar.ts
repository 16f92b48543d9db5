import { isAmount, need } from '../need';
import type { BarColumns } from '../records';

/** @throws RangeError for a bar that cannot be, see `Inventory.addBar` */
export function needBar(columns: BarColumns, i: number): void {
  need(i >= 0 && i < columns.length && Number.isInteger(i), 'addBar', 'the index of a bar');
  const open = columns.open[i]!;
  const high = columns.high[i]!;
  const low = columns.low[i]!;
  const close = columns.close[i]!;
  const funding = columns.funding ? columns.funding[i]! : 0;
  need(Number.isFinite(columns.time[i]!), 'addBar', 'a finite time');
  need(low > 0 && high < Number.POSITIVE_INFINITY, 'addBar', 'positive finite prices');
  need(low <= open && open <= high && low <= close && close <= high, 'addBar', 'low ≤ open, close ≤ high');
  need(high < 8 * low, 'addBar', 'a high less than 8 times the low');
  need(isAmount(columns.volume[i]!), 'addBar', 'a volume that is not negative');
  need(isAmount(columns.openInterest[i]!), 'addBar', 'open interest that is not negative');
  need(isAmount(columns.openInterestClose[i]!), 'addBar', 'open interest that is not negative');
  need(Math.abs(funding) < 0.1, 'addBar', 'a funding rate within ±10 %');
}
