import { t } from '../ui/text';

const closes = [20, 26, 34, 52, 78, 92, 88, 96, 84, 90, 92, 86, 88, 80, 72, 70, 62, 48, 44, 58, 50];
const bars = [14, 20, 28, 46, 60, 52, 38, 30, 20, 12];

/** A level on a chart, drawn: what stands in the words below it. */
export function ExampleChart() {
  const x = (i: number) => 10 + i * 11;
  return (
    <svg class="example" viewBox="0 0 380 180" role="img" aria-label={t('welcome_exampleTold')}>
      <rect class="zone short" x="70" y="28" width="250" height="16" />
      <path class="edge short" d="M70 44H320" />
      <rect class="zone long" x="20" y="126" width="300" height="16" />
      <path class="edge long" d="M20 126H320" />
      {closes.slice(1).map((close, i) => {
        const open = closes[i]!;
        const isUp = close >= open;
        const y = (value: number) => 150 - value * 1.15;
        return (
          <g key={`${i}`} class={isUp ? 'up' : 'down'}>
            <path d={`M${x(i) + 3} ${y(Math.max(open, close) + 5)}V${y(Math.min(open, close) - 5)}`} />
            <rect
              x={x(i)}
              y={y(Math.max(open, close))}
              width="6"
              height={Math.max(2, Math.abs(close - open) * 1.15)}
            />
          </g>
        );
      })}
      {bars.map((width, i) => (
        <g key={`${i}`}>
          <rect class="bar short" x={320 - width} y={6 + i * 7} width={width} height="5" />
          <rect class="bar long" x={320 - width} y={168 - i * 6} width={width} height="4" />
        </g>
      ))}
      <path class="last" d="M0 92H320" />
      <text x="316" y="20" text-anchor="end">
        {t('map_shorts')} 61,267 · +2.4 % · ≈ $0.9–5.3M
      </text>
      <text x="316" y="158" text-anchor="end">
        {t('map_longs')} 59,576 · −0.4 % · ≈ $0.9–5.5M
      </text>
    </svg>
  );
}
