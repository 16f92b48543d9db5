import { expect, test } from 'vitest';
import manifest from '../../manifest.json';
import { venues as feeds } from '../../src/feeds';
import { venues } from '../../src/popup/venues';

test('the popup lists the venues of the feeds, in their order, by their names', () => {
  expect(venues.map(({ id, name }) => ({ id, name }))).toEqual(feeds.map(({ id, name }) => ({ id, name })));
});

test.each(venues)(
  'leave to read $name is asked for hosts that its feed asks and the manifest names',
  ({ id, origins }) => {
    const { hosts } = feeds.find((feed) => feed.id === id)!;
    expect(origins.length).toBeGreaterThan(0);
    for (const origin of origins) {
      expect(manifest.host_permissions).toContain(origin);
      expect(hosts).toContain(new URL(origin.replace('*', '')).host);
    }
  },
);

test('every host the manifest asks for belongs to a venue, but two that a map can do without', () => {
  const sentiment = 'https://api.alternative.me/*';
  // Margin tables: a site that the extension draws on in any case.
  const brackets = 'https://www.binance.com/*';
  expect([...venues.flatMap(({ origins }) => origins), sentiment, brackets].sort()).toEqual(
    manifest.host_permissions.toSorted(),
  );
});
