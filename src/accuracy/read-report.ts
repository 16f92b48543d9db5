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
 * The report's headings, paragraphs and tables, in order; pictures, links and marks of code and stress are left out.
 *
 * @param report text of docs/accuracy.md
 */
export function readReport(report: string): Piece[] {
  return report
    .split(/\n{2,}/)
    .map((block) => block.trim())
    .filter((block) => block !== '' && !block.startsWith('!['))
    .map((block): Piece => {
      if (block.startsWith('# ')) return { kind: 'title', text: plain(block.slice(2)) };
      if (block.startsWith('#')) return { kind: 'heading', text: plain(block.replace(/^#+ /, '')) };
      if (!block.startsWith('|')) return { kind: 'text', text: plain(block) };
      const [head = '', , ...rows] = block.split('\n');
      return { kind: 'table', head: cells(head), rows: rows.map(cells) };
    });
}
