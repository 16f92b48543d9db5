import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

/** A part of a page with its name; `note` says what kind of numbers these are, `aside` stands at the right. */
export function Panel(props: {
  title: string;
  note?: string;
  aside?: ComponentChildren;
  class?: string;
  children: ComponentChildren;
}) {
  const id = useId();
  return (
    <section class={`panel ${props.class ?? ''}`} aria-labelledby={id}>
      <div class="panel-head">
        <h2 id={id}>{props.title}</h2>
        <span class="label">{props.note}</span>
        {props.aside}
      </div>
      {props.children}
    </section>
  );
}

/** Names and values, one a line. */
export function Facts({ rows }: { rows: readonly (readonly [string, ComponentChildren])[] }) {
  return (
    <dl class="facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
