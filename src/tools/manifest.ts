import { readFileSync, writeFileSync } from 'node:fs';
import { sites } from '../content/sites';
import { sentiment } from '../feeds/sentiment';
import { venues } from '../venues';

/** Writes into manifest.json which hosts the extension asks for and on which pages it runs: `npm run manifest`. */

const file = new URL('../../manifest.json', import.meta.url);

const patterns = (hosts: readonly string[]): string[] => [
  ...new Set(hosts.map((host) => `https://${host}/*`)),
];

interface Manifest {
  host_permissions: string[];
  content_scripts: { matches: string[] }[];
}

/** The manifest with hosts and pages as `venues` and `sites` have them; the rest as it is. */
export function withHosts<M extends Manifest>(manifest: M): M {
  const pages = sites.flatMap((site) => site.pages);
  // What stands in for them is asked for when it is needed: docs/decisions/10-which-hosts-are-asked-for.md.
  const asked = venues.map(({ rest }) => rest);
  return {
    ...manifest,
    host_permissions: patterns([...asked, ...sentiment.hosts, ...pages]),
    content_scripts: manifest.content_scripts.map((script) => ({ ...script, matches: patterns(pages) })),
  };
}

if (process.argv[1]?.endsWith('manifest.ts'))
  writeFileSync(file, `${JSON.stringify(withHosts(JSON.parse(readFileSync(file, 'utf8'))), null, 2)}\n`);
