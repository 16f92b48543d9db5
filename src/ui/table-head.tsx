import type { ComponentChildren } from 'preact';

/** What stands over a column, and classes of its head. */
export type HeadCell = ComponentChildren | { name: ComponentChildren; class: string };

const isNamed = (column: HeadCell): column is { name: ComponentChildren; class: string } =>
  typeof column === 'object' && column !== null && 'class' in column;

/** The heads of a table's columns; the first names the rows and stands left. */
export function TableHead({ columns }: { columns: readonly HeadCell[] }) {
  return (
    <thead>
      <tr>
        {columns.map((column, i) => (
          <th key={`${i}`} scope="col" class={isNamed(column) ? column.class : i === 0 ? 'left' : undefined}>
            {isNamed(column) ? column.name : column}
          </th>
        ))}
      </tr>
    </thead>
  );
}
