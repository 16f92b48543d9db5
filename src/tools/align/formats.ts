import { happens } from './random';

/** How prices are printed on the axis. */

/** Locales with signs, groups and digits of their own. */
const locales = [
  ...['en-US', 'de-DE', 'fr-FR', 'es-ES', 'de-CH', 'en-IN', 'pl-PL', 'nb-NO', 'pt-BR'],
  ...[
    'ar-EG',
    'fa-IR',
    'hi-IN-u-nu-deva',
    'bn-BD',
    'th-TH-u-nu-thai',
    'my-MM-u-nu-mymr',
    'ja-JP-u-nu-fullwide',
  ],
];

export interface Format {
  note: string;
  print(price: number): string;
  /** Unit of the last printed digit. */
  unit(price: number): number;
}

const magnitude = (price: number): number => Math.floor(Math.log10(Math.abs(price)));

/** `0.0₅1234`: the zeros after the point as their count. */
function foldZeros(text: string): string {
  const [, zeros, rest] = /^0\.0(0+)([1-9]\d*)$/.exec(text) ?? [];
  if (!zeros) return text;
  const count = [...String(zeros.length + 1)].map((digit) => '₀₁₂₃₄₅₆₇₈₉'[Number(digit)]).join('');
  return `0.0${count}${rest}`;
}

/** Half of all charts print plain digits, the others in any way that charts are known to. */
export function formatOf(decimals: number, random: () => number): Format {
  const unit = () => 10 ** -decimals;
  const plain: Format = { note: '', print: (price) => price.toFixed(decimals), unit };
  if (happens(random, 0.5)) return plain;
  if (happens(random, 0.6)) {
    const locale = locales[Math.floor(random() * locales.length)]!;
    const { format } = new Intl.NumberFormat(locale, {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    });
    return { note: locale, print: (price) => format(price), unit };
  }
  const digits = 6 + Math.floor(random() * 3);
  const significant = (price: number) => 10 ** (magnitude(price) - digits + 1);
  const ways: Format[] = [
    { note: 'dollar', print: (price) => `$${plain.print(price)}`, unit },
    { note: 'folded', print: (price) => foldZeros(plain.print(price)), unit },
    {
      note: `${digits} digits`,
      print: (price) =>
        Number(price.toPrecision(digits))
          .toFixed(12)
          .replace(/\.?0+$/, ''),
      unit: significant,
    },
    { note: 'exponent', print: (price) => price.toExponential(digits - 1), unit: significant },
  ];
  return ways[Math.floor(random() * ways.length)]!;
}
