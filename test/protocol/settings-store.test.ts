import { beforeEach, describe, expect, it, vi } from 'vitest';
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
  async get(key: string): Promise<Record<string, unknown>> {
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
const { askForChange, loadSettings, watchSettings } = await import('../../src/protocol/settings-store');

beforeEach(() => {
  local.values = {};
  local.listeners.clear();
  asked.length = 0;
});

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

  it('are told to every watcher until its signal aborts', async () => {
    const stop = new AbortController();
    const seen: string[] = [];
    watchSettings((settings) => seen.push(settings.window), stop.signal);
    await local.set({ settings: { window: '7d' } });
    await local.set({ other: 1 });
    stop.abort();
    await local.set({ settings: { window: '30d' } });
    expect(seen).toEqual(['7d']);
  });
});
