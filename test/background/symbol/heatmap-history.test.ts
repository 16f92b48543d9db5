import { afterEach, describe, expect, it } from 'vitest';
import { packedCells } from '../../../src/estimate/history-view';
import { HistoryView } from '../../../src/protocol/view';
import { MarketStage, StagePage } from '../../../src/tools/market-stage';

let stage: MarketStage;
afterEach(() => stage?.close());

class HeatPage extends StagePage {
  readonly history = true;
  get histories(): HistoryView[] {
    return this.replies.flatMap((reply) => (reply.type === 'history' ? [reply.history] : []));
  }
}

const bytes = ({ cells }: HistoryView) => Uint8Array.from(atob(cells), (char) => char.charCodeAt(0));

/** Reads the cells of one moment, by the price band's number, empty ones left out. */
function columnsOf(view: HistoryView): (time: number) => Map<number, number> {
  const all = bytes(view);
  const first = Math.round(view.lnLow / view.step);
  return (time) => {
    const c = Math.round((time - view.time) / view.columnMs);
    const cells = all.subarray(c * view.rows, (c + 1) * view.rows);
    return new Map([...cells].flatMap((cell, i) => (cell > 0 ? [[first + i, cell] as const] : [])));
  };
}

describe('the history of the estimate', () => {
  it('goes only to pages that ask, once a column, and never changes what was shown', async () => {
    stage = await new MarketStage().open();
    const market = stage.market('BTC-USDT');
    const page = new HeatPage('binance');
    const other = new StagePage('binance');
    market.watch(page);
    market.watch(other);
    await stage.until('a history', () => page.histories.length > 0, 60_000);
    const first = page.histories[0]!;
    expect(HistoryView(first)).toBeUndefined();
    expect(JSON.stringify(first).length).toBeLessThan(200_000);
    const { columnMs } = first;
    const end = first.time + first.columns * columnMs;
    expect(end).toBeGreaterThan(stage.clock.now() - columnMs);
    expect(end).toBeLessThanOrEqual(stage.clock.now() + columnMs);
    for (let bar = 0; bar < 3 && page.histories.length < 3; bar++) await stage.pass(columnMs);
    expect(page.histories.length).toBeGreaterThanOrEqual(3);
    const last = page.histories.at(-1)!;
    expect(last.time + last.columns * last.columnMs - end).toBe((page.histories.length - 1) * columnMs);
    const [shown, before] = [columnsOf(last), columnsOf(first)];
    for (let time = Math.max(first.time, last.time); time < end; time += columnMs) {
      expect(shown(time)).toEqual(before(time));
    }
    expect(other.replies.some(({ type }) => type === 'history')).toBe(false);
    market.stop();
  });

  it('packs amounts within a tenth, and tells the sides apart', () => {
    const cells = packedCells({ long: Float32Array.of(0, 5e6, 0, 40), short: Float32Array.of(0, 0, 3e9, 0) });
    const usd = (cell: number) => 100 * Math.exp(((cell & 127) - 1) * (Math.log(1e8) / 126));
    expect([...cells].map((cell) => cell > 128)).toEqual([false, false, true, false]);
    expect(cells[0]).toBe(0);
    expect(cells[3]).toBe(0);
    expect(usd(cells[1]!) / 5e6).toBeCloseTo(1, 0.9);
    expect(Math.abs(usd(cells[2]!) / 3e9 - 1)).toBeLessThan(0.1);
  });
});
