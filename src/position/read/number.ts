/**
 * Numbers as people's browsers print them: 59,800.5 · 59.800,5 · 59 800,5 · 59’800.5 · 1,23,456.7 · ٥٩٬٨٠٠٫٥ · ５９８００．５.
 */

export type DecimalSign = '.' | ',';

const digits = '[0-9]';
/** A number with whatever parts its thousands, and a sign before it. */
export const numberPattern = `[+\\-]?[$]?[+\\-]?${digits}+(?:[.,'’\\u00a0\\u202f\\u2009]${digits}+)*`;

/** Digits, letters and signs of other scripts as ASCII has them. */
export function plainDigits(text: string): string {
  return (
    text
      .replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
      .replace(/[\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0))
      // Full-width forms, as Chinese and Japanese keyboards type them: digits, letters and signs alike.
      .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
      .replace(/\u066c/g, ',')
      .replace(/\u066b/g, '.')
      .replace(/[\u2212\ufe63]/g, '-')
      .replace(/[\u200b\u200e\u200f\u061c\ufeff]/g, '')
      // Spaces that do not break part thousands within a number, and words everywhere else.
      .replace(/\u3000|(?<!\d)[\u00a0\u202f\u2009]|[\u00a0\u202f\u2009](?!\d{3}(?!\d))/g, ' ')
  );
}

/**
 * Which sign parts whole from part in all of `texts`, as far as one of them shows it: both signs in one number, a sign
 * that comes twice (thousands), or one not followed by three digits.
 */
export function decimalSign(texts: readonly string[]): DecimalSign | undefined {
  for (const text of texts) {
    const points = text.split('.').length - 1;
    const commas = text.split(',').length - 1;
    if (points > 0 && commas > 0) return text.lastIndexOf('.') > text.lastIndexOf(',') ? '.' : ',';
    if (points > 1) return ',';
    if (commas > 1) return '.';
    const after = /[.,](\d+)$/.exec(text)?.[1];
    const before = /(\d+)[.,]\d+$/.exec(text)?.[1];
    if (after === undefined || before === undefined) continue;
    if (after.length !== 3 || before.length > 3 || before === '0' || /['’\u00a0\u202f\u2009]/.test(text)) {
      return points > 0 ? '.' : ',';
    }
  }
  return undefined;
}

/**
 * The number a text is, where `sign` parts whole from part.
 *
 * @returns undefined for what is no number, or none that is finite
 * @example
 * readNumber('59.800,5', ','); // 59800.5
 */
export function readNumber(text: string, sign: DecimalSign): number | undefined {
  const plain = text
    .replace(/['’\u00a0\u202f\u2009$]/g, '')
    .replaceAll(sign === '.' ? ',' : '.', '')
    .replace(sign, '.');
  if (!/^[+-]?\d+(\.\d+)?$/.test(plain)) return undefined;
  const value = Number(plain);
  return Number.isFinite(value) ? value : undefined;
}

/**
 * The number that was typed into a field, with a unit or without; where a sign may part either, as we print numbers.
 *
 * @returns undefined for what is no number
 * @example
 * typedNumber('59,800'); // 59800
 * typedNumber('0,5 BTC'); // 0.5
 */
export function typedNumber(text: string): number | undefined {
  const plain = plainDigits(text).replace(/[A-Za-z×$\s]/g, '');
  return readNumber(plain, decimalSign([plain]) ?? '.');
}
