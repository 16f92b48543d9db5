/** A piece of the accuracy report. */
export type Piece =
  | { kind: 'title'; text: string }
  | { kind: 'heading'; text: string }
  | { kind: 'text'; text: string }
  | { kind: 'table'; head: string[]; rows: string[][] };

/** Words without marks of code, stress and links. */
const plain = (text: string): string =>
  text
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[`*]/g, '')
    .replace(/\n/g, ' ');

const cells = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => plain(cell.trim()));

/**
 * The report's headings, paragraphs and tables, in order; pictures, comments, links and marks of code and stress are left out.
 *
 * @param report text of docs/accuracy.md
 */
export function readReport(report: string): Piece[] {
  return report
    .split(/\n{2,}/)
    .map((block) => block.trim())
    .filter((block) => block !== '' && !/^(!\[|<!--)/.test(block))
    .map((block): Piece => {
      if (block.startsWith('# ')) return { kind: 'title', text: plain(block.slice(2)) };
      if (block.startsWith('#')) return { kind: 'heading', text: plain(block.replace(/^#+ /, '')) };
      if (!block.startsWith('|')) return { kind: 'text', text: plain(block) };
      const [head = '', , ...rows] = block.split('\n');
      return { kind: 'table', head: cells(head), rows: rows.map(cells) };
    });
}

/** What of the report fits in a few words. */
export interface Summary {
  /** By recording: rank correlation one hour ahead, and that of distance alone. */
  recordings: { name: string; map: number; distance: number }[];
  /** Forced at a level per typical dollar that price passed, over elsewhere, with its interval; levels of all recordings. */
  lift: { value: string; low: string; high: string };
}

const row = /^\| ([^|]+) \| ([\d.]+) \/ [^|]+\| ([+-][\d.]+) \/ /gm;

/** @returns undefined where the report does not say it */
export function summaryOf(report: string): Summary | undefined {
  const recordings = [...report.matchAll(row)].map(([, name, map, gain]) => ({
    name: name!,
    map: Number(map),
    distance: Number(map) - Number(gain),
  }));
  const lift = /^Levels, all sets together: lift ([\d.]+) \(([\d.]+) to ([\d.]+)\)/m.exec(report);
  if (!lift || recordings.length === 0) return undefined;
  const [, value, low, high] = lift as unknown as [string, string, string, string];
  return { recordings, lift: { value, low, high } };
}
