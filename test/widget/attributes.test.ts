import { describe, expect, test } from 'vitest';
import english from '../../public/_locales/en/messages.json';
import { useTexts } from '../../src/ui/text';
import { readAttributes } from '../../src/widget/attributes';

useTexts(english);

const base = 'https://blog.example/2026/ether.html';

function read(attributes: Record<string, string>) {
  return readAttributes({ getAttribute: (name) => attributes[name] ?? null }, base);
}

describe('attributes of the element', () => {
  test('a coin alone is enough: 24 h, the reader’s colours, the venues asked', () => {
    expect(read({ symbol: 'ETH' })).toEqual({ symbol: 'ETH-USDT', window: '24h', theme: 'auto' });
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
    [{ symbol: 'ETH', window: '1h' }, /^window="1h" is none of/],
    [{ symbol: 'ETH', window: '' }, /^window="" is none of/],
    [{ symbol: 'ETH', theme: 'sepia' }, /^theme="sepia" is none of/],
    [{ symbol: 'ETH', src: '' }, /^src="" is not the address/],
    [{ symbol: 'ETH', src: 'https://' }, /^src="https:\/\/" is not the address/],
  ])('%o is refused in a sentence that says which and why', (attributes, sentence) => {
    expect(read(attributes as Record<string, string>)).toMatch(sentence);
  });
});
