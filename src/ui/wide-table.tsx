import type { ComponentChildren } from 'preact';
import { type HeadCell, TableHead } from './table-head';

/** A table that scrolls sideways where it is too wide, by keyboard too. */
export function WideTable(props: {
  /** Tells what scrolls. */
  label: string;
  columns: readonly HeadCell[];
  children: ComponentChildren;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways has to be reached by keyboard
    <section class="scroll" tabIndex={0} aria-label={props.label}>
      <table class="table">
        <TableHead columns={props.columns} />
        <tbody>{props.children}</tbody>
      </table>
    </section>
  );
}
