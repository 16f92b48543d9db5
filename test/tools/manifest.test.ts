import { expect, test } from 'vitest';
import manifest from '../../manifest.json';
import { siteAt, sites } from '../../src/content/sites';
import { withHosts } from '../../src/tools/manifest';
import { venues } from '../../src/venues';

test('the manifest asks for the hosts that venues and sites name: else run npm run manifest', () => {
  expect(manifest).toEqual(withHosts(manifest));
});

test('a host that a venue gains is asked for', () => {
  const without = {
    ...manifest,
    host_permissions: manifest.host_permissions.filter((pattern) => !pattern.includes(venues[1]!.rest)),
  };
  expect(withHosts(without).host_permissions).toContain(`https://${venues[1]!.rest}/*`);
});

test('pages of every site, declared or optional, belong to it', () => {
  for (const site of sites) {
    for (const page of [...site.pages, ...(site.optionalPages ?? [])])
      expect(siteAt(new URL(`https://${page.replace('*', 'www')}/`)), page).toBe(site);
  }
});
