/** A slider with its name and its value in words. */
export function Slider(props: {
  label: string;
  min: number;
  max: number;
  step: number;
  value: number;
  /** The value as it is read. */
  text: string;
  onInput(value: number): void;
}) {
  const { label, min, max, step, value, text, onInput } = props;
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
        style={{ '--at': at }}
        onInput={(event) => onInput(event.currentTarget.valueAsNumber)}
      />
      <output>{text}</output>
    </label>
  );
}
