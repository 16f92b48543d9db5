/** A short line under the track, where the middle of the thumb would be. */
const markAt = (place: number): string =>
  `linear-gradient(var(--field-line), var(--field-line)) calc(8px + (100% - 16px) * ${place}) 100% / 1px 5px no-repeat`;

/** A slider with its name and its value in words. */
export function Slider(props: {
  label: string;
  min: number;
  max: number;
  step: number;
  value: number;
  /** The value as it is read. */
  text: string;
  /** Places worth stopping at, 0–1. */
  marks?: readonly number[];
  onInput(value: number): void;
}) {
  const { label, min, max, step, value, text, marks = [], onInput } = props;
  const at = max > min ? (Math.min(max, Math.max(min, value)) - min) / (max - min) : 0;
  return (
    <label class="slider">
      <span>{label}</span>
      <input
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        aria-valuetext={text}
        style={{ '--at': at, ...(marks.length > 0 && { background: marks.map(markAt).join() }) }}
        onInput={(event) => onInput(event.currentTarget.valueAsNumber)}
      />
      <output>{text}</output>
    </label>
  );
}
