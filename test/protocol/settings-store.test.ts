import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultSettings } from '../../src/protocol/settings';

type Changes = Record<string, { oldValue?: unknown; newValue?: unknown }>;

/** The part of `storage.local` that settings use: copies in and out, tells listeners, can be made to refuse. */
class StorageArea {
  values: Record<string, unknown> = {};
  listeners = new Set<(changes: Changes) => void>();
  onChanged = {
    addListener: (listener: (changes: Changes) => void) => this.listeners.add(listener),
    removeListener: (listener: (changes: Changes) => void) => this.listeners.delete(listener),
  };
  isSilent = false;
  async get(key: string): Promise<Record<string, unknown>> {
    if (this.isSilent) return new Promise(() => undefined);
    await Promise.resolve();
    return key in this.values ? { [key]: structuredClone(this.values[key]) } : {};
  }
  async set(items: Record<string, unknown>): Promise<void> {
    await Promise.resolve();
    for (const [key, value] of Object.entries(items)) {
      const changes = { [key]: { oldValue: this.values[key], newValue: structuredClone(value) } };
      this.values[key] = structuredClone(value);
      for (const listener of this.listeners) listener(changes);
    }
  }
}

const local = new StorageArea();
let answer: unknown;
const asked: unknown[] = [];
const sendMessage = async (message: unknown) => {
  asked.push(message);
  return answer;
};
// The polyfill asks for an extension first and then takes an existing promise-based `browser` as it is.
vi.stubGlobal('chrome', { runtime: { id: 'test' } });
vi.stubGlobal('browser', { runtime: { id: 'test', sendMessage }, storage: { local } });
const { askForChange, followStoredSettings, loadSettings } = await import(
  '../../src/protocol/settings-store'
);

beforeEach(() => {
  local.values = {};
  local.listeners.clear();
  local.isSilent = false;
  asked.length = 0;
});
afterEach(() => vi.useRealTimers());

describe('settings', () => {
  it('are the defaults where nothing is stored', async () => {
    expect(await loadSettings()).toEqual(defaultSettings);
  });

  it('keep the good parts when one stored part is broken', async () => {
    local.values.settings = { window: '12h', opacity: 'very', palette: 7, tiers: [true] };
    expect(await loadSettings()).toEqual({ ...defaultSettings, window: '12h' });
  });

  it('are changed by the worker, who says whether it could', async () => {
    answer = { problem: '' };
    await askForChange({ window: '7d' });
    expect(asked).toEqual([{ type: 'changeSettings', change: { window: '7d' } }]);
    answer = { problem: 'QUOTA_BYTES quota exceeded' };
    await expect(askForChange({ window: '7d' })).rejects.toThrow('quota');
    answer = undefined;
    await expect(askForChange({ window: '7d' })).rejects.toThrow('did not answer');
  });

  it('are told to every follower as they are stored, and as they change, until its signal aborts', async () => {
    local.values.settings = { window: '12h' };
    const stop = new AbortController();
    const seen: string[] = [];
    followStoredSettings((settings) => seen.push(settings.window), stop.signal);
    await vi.waitFor(() => expect(seen).toEqual(['12h']));
    await local.set({ settings: { window: '7d' } });
    await local.set({ other: 1 });
    stop.abort();
    await local.set({ settings: { window: '30d' } });
    expect(seen).toEqual(['12h', '7d']);
  });

  describe('of a browser that does not tell them', () => {
    const seen: [string, boolean][] = [];
    beforeEach(() => {
      vi.useFakeTimers();
      seen.length = 0;
      local.values.settings = { window: '12h' };
      local.isSilent = true;
      const stop = new AbortController();
      followStoredSettings((settings, isStored) => seen.push([settings.window, isStored]), stop.signal);
      return () => stop.abort();
    });

    it('are the defaults, and are said to stand in, until it does', async () => {
      await vi.advanceTimersByTimeAsync(60_000);
      expect(seen).toEqual([[defaultSettings.window, false]]);
      await expect(Promise.race([loadSettings(), vi.advanceTimersByTimeAsync(60_000)])).rejects.toThrow(
        'does not answer',
      );
      local.isSilent = false;
      await vi.advanceTimersByTimeAsync(60_000);
      expect(seen).toEqual([
        [defaultSettings.window, false],
        ['12h', true],
      ]);
    });

    it('are those of a change that is heard meanwhile, whatever was asked before', async () => {
      await local.set({ settings: { window: '7d' } });
      local.isSilent = false;
      await vi.advanceTimersByTimeAsync(60_000);
      expect(seen).toEqual([['7d', true]]);
    });
  });
});
