import { otherCurrencies } from './currencies';

/** What a chart label says, read as a number. */
export interface PrintedNumber {
  value: number;
  /** Half of the last printed digit's unit: the true value lies within `value ± half`. */
  half: number;
  percent: boolean;
  /** Written with K, M, B or T. */
  abbreviated: boolean;
  /** In another money than the dollar. */
  foreign: boolean;
}

const subscripts = '₀₁₂₃₄₅₆₇₈₉';
const multiples: Record<string, number> = { K: 1e3, M: 1e6, B: 1e9, T: 1e12 };
/** Marks that change the direction of writing, and nothing else. */
const invisible = /[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const minusSigns = /[\u2212\u2012\u2013\ufe63\uff0d]/g;
const dollar = /^([+-]?)\s*(?:US\$|USDT?|[$₮])\s*|\s*(?:USDT|USDC|USD|[$₮])$/g;
/** Most labels have no sign of money: the many signs need not be looked for. */
const bare = /^[+-]?[\d.,]+$/;
const otherMoney = (() => {
  const money = `${[...otherCurrencies].join('|')}|(?:A|C|CA|HK|MX|NT|NZ|R|S)\\$|[€£¥₩₽₹₺₫฿₴₱₦₿Ξ]|zł|Kč`;
  return new RegExp(`^([+-]?)\\s*(?:${money})\\s*|\\s*(?:${money}|BTC|ETH)$`, 'g');
})();
/** The first digit of each script that charts are translated into; the other nine follow it. */
const zeros = [0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0x1040, 0xff10];
const notAscii = /[^\p{ASCII}]/gu;
const foreignSigns: Record<string, string> = { '٪': '%', '٫': '.', '٬': ',', '．': '.', '，': ',' };

/** A digit or sign of another script as ASCII has it; anything else as it is. */
function asAscii(char: string): string {
  const code = char.charCodeAt(0);
  const zero = zeros.find((first) => code >= first && code < first + 10);
  return zero === undefined ? (foreignSigns[char] ?? char) : String(code - zero);
}

const grouping = /['’\s\u00a0\u202f]/g;

/** Thousands, or as in India thousands and then hundreds: `1,23,456`. */
const groupedBy = (separator: string, text: string): boolean =>
  new RegExp(`^[+-]?(?:\\d{1,3}(?:\\${separator}\\d{3})+|\\d{1,2}(?:,\\d\\d)+,\\d{3})$`).test(text);

/** Plain digits with `.` as the decimal sign, or undefined where the separators make no sense. */
function plain(text: string, dotGroups: boolean): string | undefined {
  const comma = text.lastIndexOf(',');
  const dot = text.lastIndexOf('.');
  if (comma >= 0 && dot >= 0) {
    const [group, decimal] = comma > dot ? ['.', ','] : [',', '.'];
    const [whole, ...fraction] = text.split(decimal!);
    if (fraction.length !== 1 || !groupedBy(group!, whole!)) return undefined;
    return `${whole!.replaceAll(group!, '')}.${fraction[0]}`;
  }
  if (comma >= 0) {
    // No number begins with a group of noughts.
    if (groupedBy(',', text) && !dotGroups && !/^[+-]?0/.test(text)) return text.replaceAll(',', '');
    return text.split(',').length === 2 ? text.replace(',', '.') : undefined;
  }
  if (dot >= 0 && (dotGroups || text.split('.').length > 2)) {
    return groupedBy('.', text) ? text.replaceAll('.', '') : dotGroups ? text : undefined;
  }
  return text;
}

/** Most labels of a chart being panned were there in the frame before. */
const known = new Map<string, PrintedNumber | undefined>();

/**
 * Reads `1,234.5`, `1.234,5`, `1 234,5`, `12.5K`, `0.101e-4`, `٦٤٠٠٠`, `0.0₅123`, `0.0{5}123`, `−3.2%`, `$64,000`.
 *
 * @param dotGroups Reads the undecidable `64.000` as 64 thousand and `64,000` as 64, where the other reading makes no
 *   sense on the whole axis.
 * @returns undefined for anything that is not one number, such as `12:30` or `BTC 5`.
 */
export function parseNumber(label: string, dotGroups = false): Readonly<PrintedNumber> | undefined {
  const key = dotGroups + label;
  if (known.has(key)) return known.get(key);
  if (known.size >= 500) known.clear();
  const found = parse(label, dotGroups);
  known.set(key, found);
  return found;
}

function parse(label: string, dotGroups: boolean): PrintedNumber | undefined {
  let text = label.replace(invisible, '').replace(minusSigns, '-').replace(notAscii, asAscii);
  const number = text.trim().replace(dollar, '$1').trim();
  text = bare.test(number) ? number : number.replace(otherMoney, '$1').trim();
  const foreign = text !== number;
  const percent = text.endsWith('%');
  if (percent) text = text.slice(0, -1).trim();
  const suffix = text.at(-1)?.toUpperCase() ?? '';
  const multiple = multiples[suffix] ?? 1;
  if (multiple > 1) text = text.slice(0, -1).trim();

  const [, mantissa, power] = /^(.*\d)e([+-]\d{1,2})$/i.exec(text) ?? [];
  const exponent = 10 ** Number(power ?? 0);
  text = mantissa ?? text;
  // Zeros after the point folded into their count: 0.0₅94 and 0.0{5}94 are 0.0000094.
  text = text.replace(/\{(\d{1,2})\}/, (_, digits: string) =>
    [...digits].map((d) => subscripts[Number(d)]).join(''),
  );
  const folded = /^([+-]?0[.,])0([₀-₉]{1,2})(\d+)$/.exec(text);
  if (folded) {
    const zeros = [...folded[2]!].reduce((sum, digit) => sum * 10 + subscripts.indexOf(digit), 0);
    if (zeros > 30) return undefined;
    text = `${folded[1]!.replace(',', '.')}${'0'.repeat(zeros)}${folded[3]}`;
  }
  if (!/^[+-]?\d[\d.,'’\s\u00a0\u202f]*$/.test(text)) return undefined;
  const digits = plain(text.replace(grouping, ''), dotGroups);
  if (digits === undefined) return undefined;
  const value = power === undefined ? Number(digits) * multiple : Number(`${digits}e${power}`);
  if (!Number.isFinite(value)) return undefined;
  const point = digits.indexOf('.');
  const decimals = point < 0 ? 0 : digits.length - point - 1;
  return {
    value,
    half: 0.5 * 10 ** -decimals * multiple * exponent,
    percent,
    abbreviated: multiple > 1,
    foreign,
  };
}
