import { expect, test } from 'vitest';
import manifest from '../../manifest.json';
import { venueFeeds as feeds } from '../../src/feeds';
import { popupVenues } from '../../src/popup/venues';

test('the popup lists the venues of the feeds, in their order, by their names', () => {
  expect(popupVenues.map(({ id, name }) => ({ id, name }))).toEqual(
    feeds.map(({ id, name }) => ({ id, name })),
  );
});

test.each(popupVenues)(
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
