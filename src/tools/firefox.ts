import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import { type AddressInfo, connect } from 'node:net';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import puppeteer, { type Browser } from 'puppeteer-core';
import manifest from '../../manifest.json' with { type: 'json' };

/** Finds or installs a Firefox, and opens it with the extension on hosts mapped to a local exchange. */

const run = promisify(execFile);

const systemBrowsers = [
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/snap/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
];

function findFirefox(): string | undefined {
  return [process.env.FIREFOX_PATH, ...systemBrowsers].find((path) => path !== undefined && existsSync(path));
}

/**
 * Path of a Firefox: `FIREFOX_PATH`, the system's, Debian's package (as root), or Mozilla's own build.
 *
 * @throws Error naming what to install when none can be had.
 */
async function ensureFirefox(log: (line: string) => void = console.error): Promise<string> {
  const found = findFirefox();
  if (found) return found;
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    log('No Firefox found: installing Debian’s firefox-esr …');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update'], { env, maxBuffer: 1 << 26 }).catch(() => {});
    await run('apt-get', ['install', '-y', '--no-install-recommends', 'firefox-esr'], {
      env,
      maxBuffer: 1 << 26,
    }).catch(() => {});
    const installed = findFirefox();
    if (installed) return installed;
  }
  log('No Firefox found: fetching Mozilla’s …');
  const cache = join(homedir(), '.cache', 'liqbands');
  const browsers = createRequire(createRequire(import.meta.url).resolve('puppeteer-core'));
  const cli = join(dirname(browsers.resolve('@puppeteer/browsers')), 'main-cli.js');
  try {
    const { stdout } = await run(process.execPath, [cli, 'install', 'firefox@stable', '--path', cache]);
    const path = stdout.trim().split(' ').slice(1).join(' ');
    if (existsSync(path)) return path;
  } catch {
    // Said below, with what to do.
  }
  throw new Error('No Firefox found and none could be installed. Install Firefox, or set FIREFOX_PATH.');
}

/** A CONNECT proxy whose every tunnel ends at one local port, whatever host was asked for. */
async function tunnelTo(port: number): Promise<{ server: Server; port: number }> {
  const server = createServer((_request, response) => response.writeHead(501).end());
  server.on('connect', (_request, client, head) => {
    const upstream = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(client);
      client.pipe(upstream);
    });
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    upstream.on('error', end);
    client.on('error', end);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { server, port: (server.address() as AddressInfo).port };
}

export interface LaunchedFirefox {
  browser: Browser;
  /** Where the extension's own pages are, such as `moz-extension://…`. */
  origin: string;
  /** Runs a script in the browser's own window, where `id` is ours, and `extension` while it is switched on. */
  inWindow(script: string): Promise<void>;
  close(): Promise<void>;
}

/** What the driver has of its protocol, which its types leave out. */
interface Bidi {
  send(method: string, params: object): Promise<{ result: Record<string, unknown> }>;
}

async function runInWindow(browser: Browser, script: string): Promise<void> {
  const { connection } = browser as unknown as { connection: Bidi };
  const { result } = await connection.send('browsingContext.getTree', { 'moz:scope': 'chrome', maxDepth: 0 });
  const [{ context }] = result.contexts as [{ context: string }];
  const id = JSON.stringify(manifest.browser_specific_settings.gecko.id);
  const told = await connection.send('script.evaluate', {
    expression: `(async () => { const id = ${id}; const { extension } = WebExtensionPolicy.getByID(id) ?? {}; ${script} })()`,
    target: { context },
    awaitPromise: true,
  });
  if (told.result.type === 'exception') throw new Error(JSON.stringify(told.result.exceptionDetails));
}

/** Opens headless Firefox with the unpacked extension, its host permissions granted as a user would. */
export async function launchFirefox(options: {
  extensionDir: string;
  resolverPort: number;
}): Promise<LaunchedFirefox> {
  const tunnel = await tunnelTo(options.resolverPort);
  // Firefox makes one up where none is given, and tells it to nobody outside.
  const uuid = randomUUID();
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: await ensureFirefox(),
    headless: true,
    // Else its driver may go to no page of an extension.
    args: ['--remote-allow-system-access'],
    acceptInsecureCerts: true,
    defaultViewport: { width: 1440, height: 900 },
    extraPrefsFirefox: {
      'network.proxy.type': 1,
      'network.proxy.ssl': '127.0.0.1',
      'network.proxy.ssl_port': tunnel.port,
      'network.proxy.http': '127.0.0.1',
      'network.proxy.http_port': tunnel.port,
      'network.proxy.no_proxies_on': '',
      'network.http.http3.enable': false,
      'extensions.webextOptionalPermissionPrompts': false,
      'extensions.webextensions.uuids': JSON.stringify({
        [manifest.browser_specific_settings.gecko.id]: uuid,
      }),
    },
  });
  const close = async () => {
    await browser.close();
    tunnel.server.closeAllConnections();
    tunnel.server.close();
  };
  try {
    const before = new Set(browser.targets());
    await browser.installExtension(resolve(options.extensionDir));
    // What it opens once it is installed would stand in front of whatever is opened next. Its address is not told.
    const first = await browser
      .waitForTarget((target) => target.type() === 'page' && !before.has(target), { timeout: 60_000 })
      .catch(() => undefined);
    await (await first?.page())?.close();
    return {
      browser,
      origin: `moz-extension://${uuid}`,
      inWindow: (script) => runInWindow(browser, script),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
