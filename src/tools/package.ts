import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { unzipSync, type Zippable, zipSync } from 'fflate';

/**
 * `npm run package`: what the stores are given, in `artifacts/package`. Both extensions are built from the source archive,
 * unpacked into an empty folder, so that whoever has the archive gets the same bytes.
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

/** Unpacks an archive into a folder. */
function unpack(zip: Uint8Array, folder: string): void {
  for (const [name, content] of Object.entries(unzipSync(zip))) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}

/**
 * Writes the source archive, the two packages built from it, and the list of what ships and on what terms (CycloneDX).
 *
 * @param root the checkout
 * @param out folder for them; made if it is not there
 * @returns their paths
 */
export function packageAll(root: string, out: string): string[] {
  const { version } = JSON.parse(readFileSync(join(root, 'manifest.json'), 'utf8')) as { version: string };
  const source = archive(filesBelow(root, leftOut));
  const built = mkdtempSync(join(tmpdir(), 'liqbands-'));
  try {
    unpack(source, built);
    const run = (command: string, ...args: string[]) =>
      execFileSync(command, args, { cwd: built, stdio: 'inherit', env: { ...process.env, NODE_ENV: '' } });
    run('npm', 'ci', '--no-audit', '--no-fund');
    run('npm', 'run', '--silent', 'build');
    mkdirSync(out, { recursive: true });
    const parts = execFileSync('npm', ['sbom', '--sbom-format=cyclonedx', '--omit=dev'], { cwd: built });
    const packages = {
      [`liqbands-${version}-source.zip`]: source,
      [`liqbands-${version}-chrome.zip`]: archive(filesBelow(join(built, 'dist/chrome'))),
      [`liqbands-${version}-firefox.xpi`]: archive(filesBelow(join(built, 'dist/firefox'))),
      [`liqbands-${version}-parts.cdx.json`]: parts,
    };
    return Object.entries(packages).map(([name, content]) => {
      const path = join(out, name);
      writeFileSync(path, content);
      return path;
    });
  } finally {
    rmSync(built, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  for (const path of packageAll(root, resolve(process.argv[2] ?? join(root, 'artifacts/package'))))
    console.log(`${path}: ${statSync(path).size} bytes`);
}
