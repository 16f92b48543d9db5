import { describe, expect, test } from 'vitest';
import { bannerKey, hiddenBanners, hideBanner, unhideBanners } from '../../src/desk/hidden-banners';

const hourMs = 3_600_000;
const weekend = bannerKey('BTC-USDT', 'weekend');
const drop = bannerKey('BTC-USDT', 'openInterestDrop');

/** What a browser keeps between two visits. */
function storage(content?: string) {
  const kept = new Map<string, string>(content === undefined ? [] : [['hiddenBanners', content]]);
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
}

describe('a warning that was put away', () => {
  test('is away until its time, of its own symbol and kind alone', () => {
    const kept = storage();
    hideBanner(kept, weekend, 4 * hourMs);
    expect([...hiddenBanners(kept, 3 * hourMs)]).toEqual([weekend]);
    expect(hiddenBanners(kept, 4 * hourMs).size).toBe(0);
    hideBanner(kept, drop, 5 * hourMs);
    expect(hiddenBanners(kept, 3 * hourMs)).toEqual(new Set([weekend, drop]));
  });

  test('comes back when all are asked for', () => {
    const kept = storage();
    hideBanner(kept, weekend, 4 * hourMs);
    unhideBanners(kept);
    expect(hiddenBanners(kept, 0).size).toBe(0);
  });

  test.each(['no JSON', 'null', '[]', '{"BTC-USDT weekend":"for ever"}'])(
    'is shown where %s is stored, and can be put away again',
    (content) => {
      const kept = storage(content);
      expect(hiddenBanners(kept, 0).size).toBe(0);
      hideBanner(kept, weekend, hourMs);
      expect([...hiddenBanners(kept, 0)]).toEqual([weekend]);
    },
  );
});
