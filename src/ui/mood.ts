import { type TextKey, t } from './text';

/** The words of the index, as its publisher writes them. */
const words = new Map<string, TextKey>([
  ['Extreme Fear', 'position_mood_extremeFear'],
  ['Fear', 'position_mood_fear'],
  ['Neutral', 'position_mood_neutral'],
  ['Greed', 'position_mood_greed'],
  ['Extreme Greed', 'position_mood_extremeGreed'],
]);

/**
 * The Fear & Greed index with its word in the reader's language; one that is not known stays as it was published.
 *
 * @example
 * mood({ value: 47, word: 'Neutral' }) // '47 · Neutral'
 */
export function mood({ value, word }: { value: number; word: string }): string {
  const known = words.get(word);
  return `${value} · ${known ? t(known) : word}`;
}
