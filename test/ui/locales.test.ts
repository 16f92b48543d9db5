import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

type Texts = Record<string, { message: string }>;

const folder = 'public/_locales';
const textsOf = (language: string) =>
  JSON.parse(readFileSync(`${folder}/${language}/messages.json`, 'utf8')) as Texts;
const english = textsOf('en');
const placeholders = (text: string) => (text.match(/\$(?:\d|[A-Za-z_]+\$)/g) ?? []).sort();

describe.each(readdirSync(folder))('the texts in %s', (language) => {
  const texts = textsOf(language);

  it('are complete, and no more', () => {
    expect(Object.keys(texts).sort()).toEqual(Object.keys(english).sort());
    const empty = Object.keys(texts).filter((key) => texts[key]!.message.trim() === '');
    expect(empty).toEqual([]);
  });

  it('have every placeholder as often as in English', () => {
    const wrong = Object.keys(english).filter(
      (key) => placeholders(texts[key]!.message).join() !== placeholders(english[key]!.message).join(),
    );
    expect(wrong).toEqual([]);
  });

  it('fit what the stores allow', () => {
    expect(texts.extensionName!.message.length).toBeLessThanOrEqual(75);
    expect(texts.extensionDescription!.message.length).toBeLessThanOrEqual(132);
  });
});
