import { describe, expect, it } from 'vitest';
import type { Chart } from '../../../src/content/axis/chart';
import { chooseCharts } from '../../../src/content/axis/choose';
import type { Identity } from '../../../src/content/axis/identity';

const box = (left: number, width: number, height = 400) => ({
  getBoundingClientRect: () => ({ left, width, height }),
});
const pane = (left = 0, width = 800, height = 400) => ({
  element: box(left, width, height),
  width,
  height,
});

interface Axis {
  low: number;
  high: number;
  told?: 'firmly';
  identity?: Identity;
  /** Left edge of the axis. */
  at?: number;
  /** All its numbers are in boxes. */
  boxed?: boolean;
}

/** A linear axis from `low` at the bottom to `high` at the top of a pane. */
function chart(
  on: ReturnType<typeof pane>,
  { low, high, told, identity = 'untold', at = 800, boxed = false }: Axis,
): Chart {
  const b = -on.height / (high - low);
  return {
    axis: { scale: 'linear', a: -b * high, b },
    pane: on,
    column: { low, high, told, fit: { spread: 0 }, labels: [{ boxed }, { boxed }, { boxed }] },
    identity,
    source: box(at, 60, on.height),
  } as unknown as Chart;
}

const reference = { symbol: 'BTC-USDT', price: 64_000, titled: [] };

describe('of all charts of a frame', () => {
  it('the only one is the price’s', () => {
    const only = chart(pane(), { low: 60_000, high: 68_000 });
    expect(chooseCharts([only], reference)).toEqual([only]);
  });

  it('none is, where two axes of one pane tell different prices', () => {
    const on = pane();
    const right = chart(on, { low: 60_000, high: 68_000 });
    const left = chart(on, { low: 61_000, high: 67_000, at: -60 });
    expect(chooseCharts([right, left], reference)).toEqual([]);
    const same = chart(on, { low: 60_000, high: 68_000, at: -60 });
    expect(chooseCharts([right, same], reference)).toEqual([right]);
  });

  it('the one is that the library tells is its main series’, beside a comparison on a scale of its own', () => {
    const on = pane();
    const left = chart(on, { low: 60_000, high: 68_000, at: -60, told: 'firmly' });
    const right = chart(on, { low: 61_000, high: 67_000, identity: 'own' });
    expect(chooseCharts([right, left], reference)).toEqual([left]);
  });

  it('none is one of volumes that read like prices, below an axis that is refused', () => {
    const volume = chart(pane(0, 800, 100), { low: 55_000, high: 70_000 });
    const percent = { source: box(800, 60), identity: 'untold' } as unknown as Chart;
    expect(chooseCharts([percent, volume], reference)).toEqual([]);
    const elsewhere = { source: box(1700, 60), identity: 'untold' } as unknown as Chart;
    expect(chooseCharts([elsewhere, volume], reference)).toEqual([volume]);
  });

  it('none is one of tags alone, over ticks that are refused', () => {
    const tags = chart(pane(), { low: 60_000, high: 68_000, boxed: true });
    const ticks = { source: box(800, 60), identity: 'untold', refusal: 'implausible' } as unknown as Chart;
    expect(chooseCharts([ticks, tags], reference)).toEqual([]);
    const plain = chart(pane(), { low: 60_000, high: 68_000 });
    expect(chooseCharts([ticks, plain], reference)).toEqual([plain]);
    expect(chooseCharts([tags], reference)).toEqual([tags]);
  });

  it('none is, of two of one height, one below the other, that do not tell', () => {
    const upper = chart(pane(), { low: 60_000, high: 68_000 });
    const lower = chart(pane(), { low: 61_000, high: 70_000 });
    expect(chooseCharts([upper, lower], reference)).toEqual([]);
    const own = chart(pane(), { low: 61_000, high: 70_000, identity: 'own' });
    expect(chooseCharts([upper, own], reference)).toEqual([own]);
    const told = chart(pane(), { low: 61_000, high: 70_000, told: 'firmly' });
    expect(chooseCharts([upper, told], reference)).toEqual([told]);
    const indicator = chart(pane(0, 800, 150), { low: 10_000, high: 90_000 });
    expect(chooseCharts([upper, indicator], reference)).toEqual([upper]);
  });

  it('none is one that does not tell, beside one that is refused for now', () => {
    const [on, beside] = [pane(), pane(1000)];
    const other = chart(beside, { low: 61_000, high: 67_000 });
    const refused = (refusal: string, left = 0, width = 800, height = 400) =>
      ({ ...chart(pane(left, width, height), { low: 1, high: 2 }), axis: undefined, refusal }) as Chart;
    for (const why of ['coarse', 'tags', 'none', 'percent', 'indexed', 'converted'])
      expect(chooseCharts([refused(why), other], reference), why).toEqual([]);
    // What is no price of the coin, what nobody sees, and what is small does not stand in the way; nor another axis of its pane.
    for (const why of ['implausible', 'hidden'])
      expect(chooseCharts([refused(why), other], reference), why).toEqual([other]);
    expect(chooseCharts([refused('coarse', 0, 400, 200), other], reference)).toEqual([]);
    expect(chooseCharts([refused('coarse', 0, 200, 150), other], reference)).toEqual([other]);
    expect(chooseCharts([refused('coarse', 1000, 800, 200), other], reference)).toEqual([other]);
    const left = {
      ...chart(beside, { low: 1, high: 2, at: 900 }),
      axis: undefined,
      refusal: 'coarse',
    } as Chart;
    expect(chooseCharts([left, other], reference)).toEqual([other]);
    // One that never had an axis, all in one canvas; a strip of labels belongs to a pane that nobody knows.
    const whole = (width: number) =>
      ({
        source: box(0, width),
        identity: 'untold',
        refusal: 'coarse',
      }) as unknown as Chart;
    expect(chooseCharts([whole(800), other], reference)).toEqual([]);
    expect(chooseCharts([whole(60), other], reference)).toEqual([other]);
    const told = chart(on, { low: 60_000, high: 68_000, identity: 'own' });
    expect(chooseCharts([refused('coarse'), told], reference)).toEqual([told]);
  });

  it('those that do not tell give way to one that does', () => {
    const own = chart(pane(0), { low: 60_000, high: 68_000, identity: 'own' });
    const other = chart(pane(900), { low: 61_000, high: 70_000, at: 1700 });
    expect(chooseCharts([other, own], reference)).toEqual([own]);
    const alike = chart(pane(0), { low: 60_000, high: 68_000 });
    expect(chooseCharts([other, alike], reference)).toEqual([]);
    // A page's largest chart may be another coin's; beside what is no more than a picture of one it is the page's own.
    const small = chart(pane(0, 300, 200), { low: 60_000, high: 68_000 });
    expect(chooseCharts([other, small], reference)).toEqual([]);
    const tiny = chart(pane(0, 200, 150), { low: 60_000, high: 68_000 });
    expect(chooseCharts([other, tiny], reference)).toEqual([other]);
  });
});
