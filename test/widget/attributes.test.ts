import { describe, expect, test } from 'vitest';
import { languageOf } from '../../src/ui/languages';
import { venueIds } from '../../src/venues';
import { readAttributes } from '../../src/widget/attributes';

const { speak } = languageOf(['en']);

const base = 'https://blog.example/2026/ether.html';

function read(attributes: Record<string, string>) {
  return readAttributes({ getAttribute: (name) => attributes[name] ?? null }, base, speak);
}

describe('attributes of the element', () => {
  test('a coin alone is enough: 24 h, the reader’s colours, the venues asked', () => {
    expect(read({ symbol: 'ETH' })).toEqual({
      symbol: 'ETH-USDT',
      window: '24h',
      mode: 'levels',
      theme: 'auto',
      palette: 'viridis',
      venues: [...venueIds],
    });
  });

  test('venues are listed by commas or spaces, the height is pixels with or without saying so', () => {
    expect(read({ symbol: 'ETH', venues: 'okx, bybit' })).toMatchObject({ venues: ['okx', 'bybit'] });
    for (const height of ['300', '300px', ' 300 ']) {
      expect(read({ symbol: 'ETH', height })).toMatchObject({ height: 300 });
    }
  });

  test('src starts from the page’s own address', () => {
    expect(read({ symbol: 'ETH', src: '../maps/eth.json' })).toMatchObject({
      src: 'https://blog.example/maps/eth.json',
    });
    expect(read({ symbol: 'ETH', src: 'https://cdn.example/eth.json' })).toMatchObject({
      src: 'https://cdn.example/eth.json',
    });
  });

  test.each([
    [{}, /^symbol="" names no market/],
    [{ symbol: 'ETHUSD/T' }, /^symbol="ETHUSD\/T" names no market/],
    [{ symbol: '<img onerror=1>' }, /^symbol="<img onerror=1>" names no market/],
    [{ symbol: 'ETH', window: '1h' }, /^window="1h" is none of 12h, 24h, 7d, 30d\.$/],
    [{ symbol: 'ETH', window: '' }, /^window="" is none of/],
    [{ symbol: 'ETH', theme: 'sepia' }, /^theme="sepia" is none of/],
    [{ symbol: 'ETH', mode: 'profile' }, /^mode="profile" is none of levels, bands, map, heatmap\.$/],
    [{ symbol: 'ETH', palette: 'red' }, /^palette="red" is none of viridis, classic\.$/],
    [{ symbol: 'ETH', venues: 'binance, nyse' }, /^venues="binance, nyse" is none of binance, bybit,/],
    [{ symbol: 'ETH', venues: '' }, /^venues="" is none of binance/],
    [{ symbol: 'ETH', height: 'tall' }, /^height="tall" is no number of pixels from 160 to 2000\.$/],
    [{ symbol: 'ETH', height: '20' }, /^height="20" is no number/],
    [{ symbol: 'ETH', src: '' }, /^src="" is not an address/],
    [{ symbol: 'ETH', src: 'https://' }, /^src="https:\/\/" is not an address/],
    [{ symbol: 'ETH', about: 'javascript:alert(1)' }, /^about="javascript:alert\(1\)" is not an address/],
  ])('%o is refused in a sentence that says which and why', (attributes, sentence) => {
    expect(read(attributes as Record<string, string>)).toMatch(sentence);
  });
});
