import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type BrowserContext, chromium } from 'playwright-core';

/** Finds or installs a Chromium, and opens it with the extension on hosts mapped to a local exchange. */

const run = promisify(execFile);

async function usable(path: string | undefined): Promise<string | undefined> {
  if (!path) return undefined;
  try {
    await access(path, constants.X_OK);
    return path;
  } catch {
    return undefined;
  }
}

/** Browsers that still load unpacked extensions, in the order they are tried. */
const systemBrowsers = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/snap/bin/chromium',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/microsoft-edge',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

async function findBrowser(): Promise<string | undefined> {
  if (process.env.CHROME_PATH) {
    const named = await usable(process.env.CHROME_PATH);
    if (!named) throw new Error(`CHROME_PATH names no program that can be run: ${process.env.CHROME_PATH}`);
    return named;
  }
  const candidates = [chromium.executablePath(), ...systemBrowsers];
  for (const path of candidates) {
    const found = await usable(path);
    if (found) return found;
  }
  return undefined;
}

async function attempt(command: string, args: string[]): Promise<boolean> {
  try {
    await run(command, args, {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      maxBuffer: 1 << 26,
    });
    return true;
  } catch {
    return false;
  }
}

/**
 * Path of a Chromium that can load the extension: `CHROME_PATH`, Playwright's own, the system's, then Debian's package
 * (as root), then Playwright's download.
 *
 * @throws Error naming what to install when none can be had.
 */
export async function ensureBrowser(log: (line: string) => void = console.error): Promise<string> {
  const found = await findBrowser();
  if (found) return found;
  if (process.platform === 'linux' && process.getuid?.() === 0 && (await usable('/usr/bin/apt-get'))) {
    log('No browser found: installing Debian’s chromium …');
    await attempt('apt-get', ['update']);
    await attempt('apt-get', ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-liberation']);
    const installed = await findBrowser();
    if (installed) return installed;
  }
  log('No browser found: fetching Playwright’s Chromium …');
  const cli = join(dirname(createRequire(import.meta.url).resolve('playwright-core/package.json')), 'cli.js');
  await attempt(process.execPath, [cli, 'install', 'chromium']);
  const fetched = await findBrowser();
  if (fetched) return fetched;
  throw new Error(
    'No Chromium found and none could be installed. Install Chromium or Chrome, or set CHROME_PATH to its program.',
  );
}

export interface LaunchOptions {
  /** Unpacked extension, for example `dist/chrome`. */
  extensionDir?: string | undefined;
  /** Every host name is answered by this port on 127.0.0.1, with certificates not checked. */
  resolverPort?: number;
  /** Hosts that another port answers. */
  hostPorts?: Record<string, number>;
  headless?: boolean;
  deviceScaleFactor?: number;
  viewport?: { width: number; height: number };
  colorScheme?: 'light' | 'dark';
  executablePath?: string;
  /** Keep pages for the back button, as browsers do of themselves; Playwright's own ways back do not end then. */
  keepsPages?: boolean;
  /** Further switches of the browser. */
  args?: string[];
}

export interface Launched {
  context: BrowserContext;
  /** Present when an extension was loaded. */
  extensionId?: string;
  close(): Promise<void>;
}

/** Opens Chromium with a fresh profile; `close` also removes the profile. */
export async function launchChromium(options: LaunchOptions = {}): Promise<Launched> {
  const profile = await mkdtemp(join(tmpdir(), 'liqbands-profile-'));
  const headless = options.headless ?? true;
  const args = [
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-features=Translate,OptimizationHints,MediaRouter',
    '--hide-scrollbars',
    '--enable-unsafe-extension-debugging',
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ...(headless ? ['--headless=new'] : []),
    ...(options.resolverPort
      ? [
          `--host-resolver-rules=${Object.entries({ ...options.hostPorts, '*': options.resolverPort })
            .map(([host, port]) => `MAP ${host} 127.0.0.1:${port}`)
            .join(',')}`,
          '--ignore-certificate-errors',
        ]
      : []),
    ...(options.args ?? []),
  ];
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: options.executablePath ?? (await ensureBrowser()),
    headless: false, // `--headless=new` above: Playwright's own headless mode is a shell without extensions
    args,
    ignoreDefaultArgs: [
      '--disable-extensions',
      '--enable-automation',
      ...(options.keepsPages ? ['--disable-back-forward-cache'] : []),
    ],
    ignoreHTTPSErrors: options.resolverPort !== undefined,
    viewport: options.viewport ?? { width: 1440, height: 900 },
    ...(options.deviceScaleFactor ? { deviceScaleFactor: options.deviceScaleFactor } : {}),
    ...(options.colorScheme ? { colorScheme: options.colorScheme } : {}),
  });
  // A busy machine takes its time.
  context.setDefaultTimeout(60_000);
  const close = async () => {
    await context.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  if (!options.extensionDir) return { context, close };
  try {
    return { context, close, extensionId: await loadExtension(context, resolve(options.extensionDir)) };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The page that an extension may open once it is installed, and how long that is waited for. */
const firstPage = '/src/welcome/index.html';
const firstPageMs = 60_000;

/** Chrome ignores `--load-extension` in branded builds; the debugging protocol works in all. */
async function loadExtension(context: BrowserContext, path: string): Promise<string> {
  const browser = context.browser();
  if (!browser) throw new Error('The browser went away before the extension was loaded');
  const session = await browser.newBrowserCDPSession();
  const send = session.send.bind(session) as unknown as (
    method: string,
    params: Record<string, unknown>,
  ) => Promise<{ id: string }>;
  const { id } = await send('Extensions.loadUnpacked', { path });
  await session.detach();
  await closeFirstPage(context);
  return id;
}

/** It would stand in front of whatever is opened next; on a busy machine it comes late. */
async function closeFirstPage(context: BrowserContext): Promise<void> {
  const until = Date.now() + firstPageMs;
  while (Date.now() < until) {
    const page = context.pages().find((each) => each.url().endsWith(firstPage));
    if (page) return page.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
