import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Runtime } from 'webextension-polyfill';
import { defaultSettings } from '../../src/protocol/settings';
import { venueIds } from '../../src/venues';

/** `storage.local` in which everything takes a moment, and which may be full. */
class SlowArea {
  values: Record<string, unknown> = {};
  isFull = false;
  isBroken = false;
  onChanged = { addListener: () => undefined };
  async get(key: string): Promise<Record<string, unknown>> {
    if (this.isBroken) throw new Error('An unexpected error occurred');
    await new Promise((done) => setTimeout(done, 1));
    return structuredClone(key in this.values ? { [key]: this.values[key] } : {});
  }
  async set(items: Record<string, unknown>): Promise<void> {
    const copy = structuredClone(items);
    await new Promise((done) => setTimeout(done, 1));
    if (this.isFull) throw new Error('QUOTA_BYTES quota exceeded');
    Object.assign(this.values, copy);
  }
}

const local = new SlowArea();
const own = 'chrome-extension://test/';
const told: unknown[] = [];
vi.stubGlobal('chrome', { runtime: { id: 'test' }, storage: { local } });
vi.stubGlobal('browser', {
  runtime: { id: 'test', getURL: (path: string) => own + path },
  storage: { local },
  tabs: {
    query: async () => [{ id: 1 }, {}, { id: 2 }],
    sendMessage: async (id: number, message: unknown) => {
      told.push([id, message]);
      if (id === 1) throw new Error('Receiving end does not exist');
    },
  },
});
const { answerSettings, beginWithSettings, tellPages } = await import('../../src/background/page-settings');
const { choices } = await import('../../src/background/storage/settings-writer');
const { loadSettings } = await import('../../src/protocol/settings-store');

const popup = { id: 'test', url: `${own}src/popup/index.html` } as Runtime.MessageSender;
const pageOf = (host: string) => ({ id: 'test', url: `https://${host}/trade` }) as Runtime.MessageSender;
const choose = (sender: Runtime.MessageSender, change: object) =>
  // As it crosses the border between two processes.
  answerSettings(JSON.parse(JSON.stringify({ type: 'changeSettings', change })), sender);

beforeEach(() => {
  local.values = {};
  local.isFull = false;
  local.isBroken = false;
  told.length = 0;
});

describe('the worker', () => {
  it('where the browser cannot read what is stored tells pages the defaults, and a choice that it is not kept', async () => {
    local.isBroken = true;
    const asked = { type: 'pageSettings' };
    expect(await answerSettings(asked, pageOf('a.example'))).toEqual(defaultSettings);
    const change = { sites: { 'a.example': { corner: 'top-right' } } };
    expect(await choose(pageOf('a.example'), change)).toEqual({ problem: 'An unexpected error occurred' });
  });

  it('begins with the defaults where the browser does not tell what is stored, says so, and goes over to that once it does', async () => {
    vi.useFakeTimers();
    try {
      local.values = { settings: { window: '7d' } };
      local.isBroken = true;
      const applied: string[] = [];
      const begun = beginWithSettings((settings) => applied.push(settings.window));
      await vi.advanceTimersByTimeAsync(20_000);
      expect(await begun).toEqual(defaultSettings);
      expect(choices.areHeld).toBe(false);
      expect([applied, told]).toEqual([[], []]);
      local.isBroken = false;
      await vi.advanceTimersByTimeAsync(20_000);
      expect(applied).toEqual(['7d']);
      expect(told).toHaveLength(2);
      expect(choices.areHeld).toBe(true);
      // What was known stands in for what is told no more.
      local.isBroken = true;
      const asked = answerSettings({ type: 'pageSettings' }, pageOf('a.example'));
      expect(await asked).toMatchObject({ window: '7d' });
    } finally {
      vi.useRealTimers();
    }
  });

  it('stores fifty choices made at once in two pages and the popup, all of them', async () => {
    const corners = ['top-right', 'bottom-left', 'bottom-right', 'top-left'];
    const choices: [Runtime.MessageSender, object][] = [];
    for (let i = 0; i < 20; i++) {
      choices.push([pageOf('a.example'), { sites: { 'a.example': { corner: corners[i % 4] } } }]);
      choices.push([
        pageOf('b.example'),
        i % 2
          ? { sites: { 'b.example': { tiers: [true, i > 10, true, true, true] } } }
          : { sites: { 'b.example': { panel: 'folded' } } },
      ]);
    }
    for (let i = 0; i < 5; i++) choices.push([popup, { venues: { [venueIds[i]!]: i === 3 } }]);
    for (const window of ['12h', '7d', '30d']) choices.push([popup, { window }]);
    choices.push([popup, { opacity: 0.2 }], [popup, { sites: { 'a.example': { enabled: false } } }]);
    expect(choices).toHaveLength(50);

    const answers = await Promise.all(choices.map(([sender, change]) => choose(sender, change)));

    expect(answers).toEqual(choices.map(() => ({ problem: '' })));
    const settings = await loadSettings();
    expect(settings).toMatchObject({
      window: '30d',
      opacity: 0.2,
    });
    expect(Object.values(settings.venues)).toEqual(venueIds.map((_, i) => i === 3));
    expect(settings.sites['a.example']).toMatchObject({ enabled: false, corner: 'top-left' });
    expect(settings.sites['b.example']).toMatchObject({
      panel: 'folded',
      tiers: [true, true, true, true, true],
    });
  });

  it('says why where it cannot store, and goes on with the next', async () => {
    local.isFull = true;
    expect(await choose(popup, { window: '7d' })).toEqual({ problem: 'QUOTA_BYTES quota exceeded' });
    local.isFull = false;
    expect(await choose(popup, { window: '12h' })).toEqual({ problem: '' });
    expect((await loadSettings()).window).toBe('12h');
  });

  it('refuses what is no setting', async () => {
    expect(await choose(popup, { window: '8d' })).toEqual({ problem: 'window cannot be changed so' });
    expect(local.values).toEqual({});
  });

  it('lets a page choose for its own site, and nothing else', async () => {
    const page = pageOf('a.example');
    for (const change of [
      { sites: { 'b.example': { enabled: false } } },
      { opacity: 0.2 },
      { observed: true },
    ])
      expect(await choose(page, change)).toMatchObject({
        problem: expect.stringContaining('cannot be changed'),
      });
    expect(local.values).toEqual({});
  });

  it('tells a page of the sites its own alone', async () => {
    const site = { enabled: false };
    local.values.settings = { window: '7d', sites: { 'a.example': site, 'b.example': site } };
    const ask = (sender: object) => answerSettings({ type: 'pageSettings' }, sender as Runtime.MessageSender);
    const sitesTold = async (sender: object) => Object.keys(((await ask(sender)) as { sites: object }).sites);
    expect(await ask(pageOf('a.example'))).toMatchObject({ window: '7d', sites: { 'a.example': site } });
    expect(await sitesTold(pageOf('a.example'))).toEqual(['a.example']);
    expect(await sitesTold(pageOf('c.example'))).toEqual([]);
    // Frames without an address of their own belong to the page.
    const blank = { id: 'test', url: 'about:blank' };
    expect(await sitesTold({ ...blank, origin: 'https://b.example' })).toEqual(['b.example']);
    expect(await sitesTold({ ...blank, origin: 'null', tab: { url: 'https://a.example/x' } })).toEqual([
      'a.example',
    ]);
    expect(await sitesTold(blank)).toEqual([]);
  });

  it('answers nobody else, and leaves other messages alone', () => {
    expect(answerSettings({ type: 'pageSettings' }, { ...popup, id: 'another' })).toBeUndefined();
    expect(answerSettings({ type: 'symbols' }, popup)).toBeUndefined();
    expect(answerSettings(null, popup)).toBeUndefined();
  });

  it('tells every tab of a change, with nothing of it in the message', async () => {
    await tellPages();
    await vi.waitFor(() => expect(told).toEqual([1, 2].map((id) => [id, { type: 'settingsChanged' }])));
  });
});
