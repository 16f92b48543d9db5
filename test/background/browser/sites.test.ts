import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { dataHosts } from '../../../src/feeds';

/** What the user has allowed, as the browser has it, and the scripts that are run there. */

let origins: string[] = [];
let registered: { id: string; matches: string[] }[] = [];
/** Tabs that are open; a negative one never answers. */
let tabs: number[] = [];
const entered: number[] = [];
let answer: () => Promise<{ origins: string[] }>;
const scripting = {
  executeScript: async ({ target }: { target: { tabId: number } }) => {
    if (target.tabId < 0) await new Promise(() => {});
    entered.push(target.tabId);
    return [];
  },
  getRegisteredContentScripts: async () => registered,
  unregisterContentScripts: async () => {
    registered = [];
  },
  registerContentScripts: async (scripts: typeof registered) => {
    registered = scripts;
  },
};
vi.stubGlobal('chrome', { runtime: { id: 'test' }, scripting });
vi.stubGlobal('browser', {
  runtime: {
    id: 'test',
    getManifest: () => ({
      host_permissions: ['https://fapi.binance.com/*'],
      content_scripts: [
        { js: ['finder.js'], matches: ['https://www.binance.com/*'] },
        { js: ['axis.js'], matches: ['https://www.binance.com/*'], world: 'MAIN' },
      ],
    }),
  },
  permissions: { getAll: () => answer() },
  tabs: { query: async () => tabs.map((id) => ({ id })) },
});
const { enterOpenTabs, sitesAmong, syncSites } = await import('../../../src/background/browser/sites');

const granted = ['https://fapi.binance.com/*', 'https://www.binance.com/*', 'https://charts.example/*'];
const alerts = async () => [...dataHosts, 'discord.com', 'api.telegram.org'];

beforeEach(() => {
  origins = [...granted];
  registered = [];
  answer = async () => ({ origins });
});
afterEach(() => vi.useRealTimers());

it('runs its scripts on sites that the user added', async () => {
  await syncSites(alerts);
  expect(registered.map(({ id, matches }) => [id, matches])).toEqual([
    ['site-overlay', ['https://charts.example/*']],
    ['site-reader', ['https://charts.example/*']],
  ]);
});

it('runs none where the user has alerts sent to, nor on addresses that are only asked for data', async () => {
  const reached = ['https://discord.com/*', 'https://api.telegram.org/*', 'https://api.bytick.com/*'];
  const lists = ['https://stats-data.hyperliquid.xyz/*', 'https://eea.okx.com/*'];
  origins.push(...reached, ...lists);
  await syncSites(alerts);
  expect(registered[0]!.matches).toEqual(['https://charts.example/*']);
  expect(await sitesAmong([...reached, ...lists], alerts)).toEqual([]);
});

it('leaves a site once alerts go there, and forgets what is left where no site is', async () => {
  origins = ['https://discord.com/*'];
  await syncSites(async () => []);
  expect(registered).toHaveLength(2);
  await syncSites(alerts);
  expect(registered).toEqual([]);
});

it('goes on where the browser never says what is allowed: the next change is applied', async () => {
  vi.useFakeTimers();
  const told = vi.spyOn(console, 'warn').mockReturnValue();
  answer = () => new Promise(() => {});
  const silent = syncSites(alerts);
  await vi.advanceTimersByTimeAsync(0);
  answer = async () => ({ origins });
  const next = syncSites(alerts);
  await vi.advanceTimersByTimeAsync(5000);
  await Promise.all([silent, next]);
  expect(registered).toHaveLength(2);
  expect(told).toHaveBeenCalledOnce();
});

it('enters the other open tabs where one is frozen', async () => {
  tabs = [1, -2, 3];
  void enterOpenTabs(['https://charts.example/*']);
  await vi.waitFor(() => expect(entered).toEqual([1, 3]));
});
