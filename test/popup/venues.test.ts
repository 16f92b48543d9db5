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

test('every host the manifest asks for belongs to a venue or a site that is drawn on, but one that a map can do without', () => {
  const sentiment = 'https://api.alternative.me/*';
  const drawnOn = manifest.content_scripts[0]!.matches;
  expect([...venues.flatMap(({ origins }) => origins), sentiment, ...drawnOn].sort()).toEqual(
    manifest.host_permissions.toSorted(),
  );
  for (const { matches } of manifest.content_scripts) expect(matches).toEqual(drawnOn);
});
