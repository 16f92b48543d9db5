import { beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultSettings, type Settings } from '../../src/protocol/settings';

type Changes = Record<string, { oldValue?: unknown; newValue?: unknown }>;

/** The part of `storage.local` that settings use: copies in and out, tells listeners, can be made to refuse. */
class StorageArea {
  values: Record<string, unknown> = {};
  full = false;
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
    if (this.full) throw new Error('QUOTA_BYTES quota exceeded');
    for (const [key, value] of Object.entries(items)) {
      const changes = { [key]: { oldValue: this.values[key], newValue: structuredClone(value) } };
      this.values[key] = structuredClone(value);
      for (const listener of this.listeners) listener(changes);
    }
  }
}

const local = new StorageArea();
// The polyfill asks for an extension first and then takes an existing promise-based `browser` as it is.
vi.stubGlobal('chrome', { runtime: { id: 'test' } });
vi.stubGlobal('browser', { runtime: { id: 'test' }, storage: { local } });
const { loadSettings, updateSettings, watchSettings } = await import('../../src/protocol/settings-store');

beforeEach(() => {
  local.values = {};
  local.full = false;
  local.listeners.clear();
});

describe('settings', () => {
  it('are the defaults where nothing is stored', async () => {
    expect(await loadSettings()).toEqual(defaultSettings);
  });

  it('come back as they were written', async () => {
    const written = await updateSettings({ window: '7d', opacity: 0.3 });
    expect(written).toEqual({ ...defaultSettings, window: '7d', opacity: 0.3 });
    expect(await loadSettings()).toEqual(written);
  });

  it('keep the good parts when one stored part is broken', async () => {
    local.values.settings = { window: '12h', opacity: 'very', palette: 7, tiers: [true] };
    expect(await loadSettings()).toEqual({ ...defaultSettings, window: '12h' });
  });

  it.each([['a string'], [7], [null], [[1, 2]]])(
    'fall back to the defaults when %j is stored',
    async (broken) => {
      local.values.settings = broken;
      expect(await loadSettings()).toEqual(defaultSettings);
    },
  );

  it('apply changes made at the same moment one after the other', async () => {
    const site = (settings: Settings, host: string) => ({
      sites: {
        ...settings.sites,
        [host]: {
          enabled: false,
          corner: 'top-left' as const,
          tooltip: true,
          panel: 'open' as const,
          symbol: undefined,
        },
      },
    });
    await Promise.all([
      updateSettings((settings) => site(settings, 'a.example')),
      updateSettings({ window: '30d' }),
      updateSettings((settings) => site(settings, 'b.example')),
    ]);
    const settings = await loadSettings();
    expect(Object.keys(settings.sites).sort()).toEqual(['a.example', 'b.example']);
    expect(settings.window).toBe('30d');
  });

  it('reject a change that the browser cannot store and go on with the next', async () => {
    local.full = true;
    await expect(updateSettings({ window: '7d' })).rejects.toThrow('quota');
    local.full = false;
    expect((await updateSettings({ window: '12h' })).window).toBe('12h');
  });

  it('are told to every watcher until its signal aborts', async () => {
    const stop = new AbortController();
    const seen: string[] = [];
    watchSettings((settings) => seen.push(settings.window), stop.signal);
    await updateSettings({ window: '7d' });
    stop.abort();
    await updateSettings({ window: '30d' });
    expect(seen).toEqual(['7d']);
  });
});
