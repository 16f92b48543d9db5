import { part } from '../../ui/part';
import { byUser } from './user-events';

/** Parts of card and panel that can be pressed. Only what the user really does counts. */

export function button(name: string, text: string, onClick: () => void): HTMLButtonElement {
  const element = part('button', name, text);
  element.type = 'button';
  element.onclick = byUser(onClick);
  return element;
}

/** A row: a choice of a few. */
export function choice<T extends string>(
  label: string,
  values: readonly T[],
  name: (value: T) => string,
  onChange: (value: T) => void,
): { row: HTMLElement; show(value: T): void } {
  const select = part('select');
  for (const value of values) select.append(new Option(name(value), value));
  select.onchange = byUser(() => onChange(select.value as T));
  return {
    row: part('label', 'choice', label, select),
    show(value) {
      if (select.value !== value) select.value = value;
    },
  };
}

/** A row: switches, of which one at least stays on. With none nothing would be drawn, and no one knew why. */
export function switches(
  label: string,
  names: readonly string[],
  onChange: (on: boolean[]) => void,
): { row: HTMLElement; show(on: readonly boolean[]): void } {
  const chips = names.map((name, i) =>
    button('chip', name, () => {
      const on = chips.map(({ ariaPressed }, k) => (ariaPressed === 'true') !== (k === i));
      if (on.some(Boolean)) onChange(on);
    }),
  );
  const group = part('div', 'chips', ...chips);
  group.role = 'group';
  group.ariaLabel = label;
  return {
    row: part('div', 'choice', label, group),
    show(on) {
      on.forEach((shown, i) => {
        chips[i]!.ariaPressed = String(shown);
      });
    },
  };
}

/** A row: a share between two, shown in percent and heard of once it is let go. */
export function slider(
  label: string,
  { least, step }: { least: number; step: number },
  onChange: (share: number) => void,
): { row: HTMLElement; show(share: number): void } {
  const input = part('input');
  input.type = 'range';
  input.min = `${100 * least}`;
  input.step = `${100 * step}`;
  input.onchange = byUser(() => onChange(input.valueAsNumber / 100));
  return {
    row: part('label', 'choice', label, input),
    show(share) {
      // What is being moved stays under the finger.
      if (!input.matches(':active')) input.value = `${100 * share}`;
    },
  };
}
