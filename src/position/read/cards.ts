import type { Column, TableShape } from './table';

/** What a report needs of a card; its other cells are passed over. */
const wanted: readonly Column[] = ['size', 'entry', 'mark', 'liquidation', 'stops'];

/** A figure that no name stands over. */
const loose = /^[+-]?\$?[\d.,]+ ?%?$/;

/**
 * Cards, as some venues show positions in place of a table, with a name over or before each figure: made a table whose
 * headings are those names.
 *
 * @returns the text as it is where its names do not stand beside figures
 */
export function tableOfCards(text: string, shapes: readonly TableShape[]): string {
  const columns = new Map(
    shapes.flatMap(({ headings }) =>
      headings.flatMap(([column, ...names]) => names.map((name) => [name, column] as const)),
    ),
  );
  const columnOf = (line: string) =>
    columns.get(
      line
        .toLowerCase()
        .replace(/[(（].*$/, '')
        .trim(),
    );
  const lines = text.split(/[\n\t]/).map((line) => line.trim());
  const cards: { head: string[]; cells: Map<Column, string> }[] = [];
  const names = new Map<Column, string>();
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i]!;
    const column = columnOf(line);
    const card = cards.at(-1);
    if (column !== undefined) {
      const cell = lines[++i] ?? '';
      // Names in a row are the headings of a table.
      if (!card || columnOf(cell) !== undefined) return text;
      if (!names.has(column)) names.set(column, line);
      if (!card.cells.has(column)) card.cells.set(column, cell);
    } else if (line !== '' && !loose.test(line)) {
      if (card && !card.cells.has('entry')) card.head.push(line);
      else if (!card || /usd/i.test(line)) cards.push({ head: [line], cells: new Map() });
    }
  }
  const order = wanted.filter((column) => names.has(column));
  if (!names.has('entry') || order.length < 3) return text;
  return [
    ...order.map((column) => names.get(column)!),
    ...cards.flatMap(({ head, cells }) => [...head, ...order.map((column) => cells.get(column) || '--')]),
  ].join('\n');
}
