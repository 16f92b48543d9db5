import type { ComponentChildren } from 'preact';

/** A switch with its label; the browser brings keyboard and focus. */
export function Toggle(props: {
  checked: boolean;
  onChange(checked: boolean): void;
  disabled?: boolean;
  children: ComponentChildren;
}) {
  return (
    <label class="toggle">
      <span class="toggle-label">{props.children}</span>
      <input
        type="checkbox"
        role="switch"
        aria-checked={props.checked}
        checked={props.checked}
        disabled={props.disabled}
        onChange={(event) => {
          const wanted = event.currentTarget.checked;
          // Shows what is stored, not what was clicked: a change that is refused springs back.
          event.currentTarget.checked = props.checked;
          props.onChange(wanted);
        }}
      />
    </label>
  );
}
