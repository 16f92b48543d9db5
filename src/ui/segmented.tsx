import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

/** One choice of a few, side by side. Radio buttons underneath: arrow keys move, Tab leaves. */
export function Segmented<T extends string>(props: {
  label: string;
  options: readonly { value: T; label: string; description?: string; mark?: ComponentChildren }[];
  value: T;
  onChange(value: T): void;
}) {
  const name = useId();
  return (
    <fieldset class="segmented">
      <legend>{props.label}</legend>
      <div class="segments">
        {props.options.map(({ value, label, description, mark }) => (
          <label key={value} title={description}>
            <input
              type="radio"
              name={name}
              value={value}
              checked={value === props.value}
              aria-label={description}
              onChange={() => props.onChange(value)}
            />
            <span>
              {mark}
              {label}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
