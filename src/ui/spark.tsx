/**
 * A small history with a dashed line at one; null where it was not known. What it shows stands in words beside it.
 *
 * @param values in the order of time, evenly spaced
 */
export function Spark({ values, label }: { values: readonly (number | null)[]; label: string }) {
  const width = 110;
  const height = 36;
  const known = values.filter((value) => value !== null && value > 0).map((value) => Math.log(value!));
  if (known.length < 2) return null;
  const low = Math.min(...known, -0.05);
  const high = Math.max(...known, 0.05);
  const y = (ln: number) => 3 + (1 - (ln - low) / (high - low)) * (height - 6);
  let path = '';
  let isDown = false;
  let last: [number, number] = [0, 0];
  values.forEach((value, i) => {
    if (value === null || !(value > 0)) {
      isDown = false;
      return;
    }
    last = [3 + (i / (values.length - 1)) * (width - 6), y(Math.log(value))];
    path += `${isDown ? 'L' : 'M'}${last[0].toFixed(1)} ${last[1].toFixed(1)}`;
    isDown = true;
  });
  return (
    <svg
      class="spark"
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-label={label}
    >
      <path d={`M0 ${y(0)}H${width}`} class="one" />
      <path d={path} />
      <circle cx={last[0]} cy={last[1]} r="2.5" />
    </svg>
  );
}
