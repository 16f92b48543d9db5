import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { minuteMs } from '../../../src/engine/time';
import { AccountsStage, quarterOfAnHour } from '../../../src/tools/bench-accounts';
import { createReplay, type ReplayExchange } from '../../../src/tools/replay';

let replay: ReplayExchange;
let stage: AccountsStage;

beforeEach(async () => {
  replay = await createReplay({ startAt: 0.9, speed: 0 });
  stage = new AccountsStage(replay);
});
afterEach(() => replay.close());

describe('accounts whose positions are public', () => {
  it('show 40 % of BTC’s open interest within 15 minutes by the list alone, within a third of the address’s budget', async () => {
    const { coverage, weightPerMinute, holders } = await quarterOfAnHour('derived accounts');
    expect(coverage[15], `${holders} hold some`).toBeGreaterThanOrEqual(0.4);
    expect(weightPerMinute).toBeLessThanOrEqual(1200 / 3 + 1);
  });

  it('ask for the list of the largest once a day, by whichever life, and only where the user allows it', async () => {
    const lists = () => stage.asked.filter((host) => host === 'stats-data.hyperliquid.xyz').length;
    const refused = stage.accounts(false);
    await stage.watch(refused, minuteMs);
    expect(lists()).toBe(0);
    expect(refused.askable).toBe('stats-data.hyperliquid.xyz');
    const first = stage.accounts(true);
    await stage.watch(first, minuteMs);
    expect(lists()).toBe(1);
    expect(first.askable).toBeUndefined();
    const second = stage.accounts(true);
    await stage.watch(second, minuteMs);
    expect(lists()).toBe(1);
    // What the first read, the second knows.
    expect(stage.extent(second).accounts).toBeGreaterThan(100);
  });
});
