import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { unzipSync, type Zippable, zipSync } from 'fflate';

/**
 * `npm run package`: what the stores are given, in `artifacts/package`. Both extensions are built from the source archive,
 * unpacked into an empty folder, so that whoever has the archive gets the same bytes. With `--verify` that is tried: they
 * are built once more at another path and compared, and Mozilla's linter reads the one for Firefox.
 */

/** Not needed to build the extensions, so not in the archive that reviewers are given. */
const leftOut = /^(\.git|\.github|\.ci|node_modules|dist|artifacts|test|docs\/pictures)(\/|$)/;

/** Zip entries carry a date: always this one, so that the same files make the same archive. */
const entryDate = new Date(1980, 0, 1);

/** An archive of named files: the same bytes for the same content, whatever the order, the folder or the hour. */
export function archive(files: Record<string, Uint8Array>): Uint8Array {
  const entries: Zippable = {};
  for (const name of Object.keys(files).sort())
    entries[name] = [files[name]!, { mtime: entryDate, level: 9, os: 3, attrs: 0o644 << 16 }];
  return zipSync(entries);
}

/** Every file below a folder, by its path in it with forward slashes. */
export function filesBelow(folder: string, skip?: RegExp): Record<string, Uint8Array> {
  const found: Record<string, Uint8Array> = {};
  const walk = (path: string) => {
    for (const entry of readdirSync(path)) {
      const full = join(path, entry);
      const name = relative(folder, full).split(sep).join('/');
      if (skip?.test(name)) continue;
      if (statSync(full).isDirectory()) walk(full);
      else found[name] = readFileSync(full);
    }
  };
  walk(folder);
  return found;
}

const sha256 = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** Unpacks an archive into a folder. */
function unpack(zip: Uint8Array, folder: string): void {
  for (const [name, content] of Object.entries(unzipSync(zip))) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

/** As npm lists what is installed (CycloneDX), as far as it is read here. */
export interface Parts {
  metadata: { component: { 'bom-ref': string } };
  components: { 'bom-ref': string; name: string; version: string; properties?: unknown }[];
  dependencies: { ref: string; dependsOn: string[] }[];
}

/**
 * Of all that is installed what ships: what the bundler has put its licence beside the package for. What npm calls needed to run is
 * what the command line needs, and what the extension is made of is installed to build it.
 *
 * @param notices the bundler's lists of licences
 * @throws Error naming a part that npm does not list
 */
export function shipped<P extends Parts>(all: P, notices: readonly string[]): P {
  const names = new Set(
    notices.flatMap((text) =>
      [...text.matchAll(/^## (\S+) - (\S+) \(/gm)].map(([, name, version]) => `${name}@${version}`),
    ),
  );
  const components = all.components
    .filter(({ name, version }) => names.has(`${name}@${version}`))
    .map(({ properties: _, ...component }) => component);
  const listed = new Set(components.map(({ name, version }) => `${name}@${version}`));
  const missing = [...names].filter((name) => !listed.has(name));
  if (missing.length > 0) throw new Error(`npm does not list what ships: ${missing.join(', ')}`);
  const refs = new Set([all.metadata.component['bom-ref'], ...components.map((each) => each['bom-ref'])]);
  const dependencies = all.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => refs.has(each)) }));
  return { ...all, components, dependencies };
}

/** The list of what ships and on what terms, without what differs from one run to the next. */
function partsOf(folder: string): Uint8Array {
  const asked = ['sbom', '--sbom-format=cyclonedx'];
  const told = execFileSync('npm', asked, { cwd: folder, maxBuffer: 2 ** 26 }).toString();
  const { serialNumber: _, ...all } = JSON.parse(told);
  delete all.metadata.timestamp;
  const notices = ['chrome', 'firefox'].map((browser) =>
    readFileSync(join(folder, 'dist', browser, 'third-party.md'), 'utf8'),
  );
  return Buffer.from(`${JSON.stringify(shipped(all, notices), null, 2)}\n`);
}

/**
 * The source archive, the two packages built from it, and the list of their parts.
 *
 * @param root the checkout
 * @param under the archive is built at this path in a new folder; its last part is what npm calls the whole in the list
 * @returns their contents by name
 */
function packagesOf(root: string, under: string): Record<string, Uint8Array> {
  const { version } = JSON.parse(readFileSync(join(root, 'manifest.json'), 'utf8')) as { version: string };
  const source = archive(filesBelow(root, leftOut));
  const folder = mkdtempSync(join(tmpdir(), 'liqbands-'));
  const built = join(folder, under);
  try {
    unpack(source, built);
    const run = (command: string, ...args: string[]) =>
      execFileSync(command, args, { cwd: built, stdio: 'inherit', env: { ...process.env, NODE_ENV: '' } });
    run('npm', 'ci', '--no-audit', '--no-fund');
    run('npm', 'run', '--silent', 'build');
    return {
      [`liqbands-${version}-source.zip`]: source,
      [`liqbands-${version}-chrome.zip`]: archive(filesBelow(join(built, 'dist/chrome'))),
      [`liqbands-${version}-firefox.xpi`]: archive(filesBelow(join(built, 'dist/firefox'))),
      [`liqbands-${version}-parts.cdx.json`]: partsOf(built),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Builds the packages once more, at another path, and reads the one for Firefox as Mozilla does.
 *
 * @throws Error naming the packages of which a byte differs; where the linter has an error
 */
function verify(root: string, packages: Record<string, Uint8Array>): void {
  const again = packagesOf(root, 'another place/and deeper/liqbands');
  const differing = Object.keys(packages).filter(
    (name) => !Buffer.from(packages[name]!).equals(again[name]!),
  );
  if (differing.length > 0) throw new Error(`not the same twice: ${differing.join(', ')}`);
  const folder = mkdtempSync(join(tmpdir(), 'liqbands-lint-'));
  try {
    unpack(packages[Object.keys(packages).find((name) => name.endsWith('.xpi'))!]!, folder);
    const asked = ['web-ext', 'lint', '--source-dir', folder, '--no-config-discovery'];
    execFileSync('npx', asked, { cwd: root, stdio: 'inherit' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { verify: { type: 'boolean', default: false } },
  });
  const packages = packagesOf(root, 'liqbands');
  if (values.verify) verify(root, packages);
  const out = resolve(positionals[0] ?? join(root, 'artifacts/package'));
  mkdirSync(out, { recursive: true });
  for (const [name, content] of Object.entries(packages)) {
    writeFileSync(join(out, name), content);
    console.log(`${join(out, name)}: ${content.length} bytes, sha256 ${sha256(content)}`);
  }
  if (values.verify) console.log('the same bytes from two paths; the linter has no error');
}
