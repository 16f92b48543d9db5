/** A piece of the accuracy report. */
export type Piece =
  | { kind: 'title'; text: string }
  | { kind: 'heading'; text: string }
  | { kind: 'text'; text: string }
  | { kind: 'table'; head: string[]; rows: string[][] };

const cells = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

/**
 * The report's headings, paragraphs and tables, in order; pictures and marks of code are left out.
 *
 * @param report text of docs/accuracy.md
 */
export function readReport(report: string): Piece[] {
  return report
    .split(/\n{2,}/)
    .map((block) => block.trim())
    .filter((block) => block !== '' && !block.startsWith('!['))
    .map((block): Piece => {
      const plain = (text: string) => text.replace(/[`*]/g, '').replace(/\n/g, ' ');
      if (block.startsWith('# ')) return { kind: 'title', text: plain(block.slice(2)) };
      if (block.startsWith('#')) return { kind: 'heading', text: plain(block.replace(/^#+ /, '')) };
      if (!block.startsWith('|')) return { kind: 'text', text: plain(block) };
      const [head = '', , ...rows] = block.split('\n');
      return { kind: 'table', head: cells(head), rows: rows.map(cells) };
    });
}
