import { price as priceText } from '../ui/format';
import { levelText } from '../ui/level-text';
import { t } from '../ui/text';
import example from './example.json' with { type: 'json' };

/** A market at one moment and what the engine said of it. Prices in USDT; x counts candles from the left. */
interface ExampleMarket {
  candles: [open: number, high: number, low: number, close: number][];
  price: number;
  /** Prices at the bottom and the top of the picture. */
  low: number;
  high: number;
  /** At risk in equal rows from the bottom to the top, as a share of the largest. */
  profile: number[];
  /** The nearest of each side; its zone begins where price was last beyond it. */
  levels: {
    side: 'long' | 'short';
    low: number;
    high: number;
    edge: number;
    forced: { p10: number; p50: number; p90: number };
    x: number;
  }[];
  times: { x: number; text: string }[];
}

const { candles, price, low, high, profile, levels, times } = example as unknown as ExampleMarket;

/** Of the picture, px; to the right of the pane are prices, below it times. */
const size = { width: 400, height: 224 };
const pane = { width: 336, height: 202 };
/** Candles end before the profile. */
const column = 4.6;
const longestBar = 64;
const plate = { height: 26, right: 12, gap: 3 };
const priceStep = 500;

const y = (at: number): number => (pane.height * (high - at)) / (high - low);

/** Whole multiples of a step between two numbers. */
const multiples = (step: number, from: number, to: number): number[] =>
  Array.from(
    { length: Math.floor(to / step) - Math.ceil(from / step) + 1 },
    (_, i) => (Math.ceil(from / step) + i) * step,
  );

/** A real market as the extension draws it. */
export function ExampleChart() {
  return (
    <svg
      class="example"
      viewBox={`0 0 ${size.width} ${size.height}`}
      role="img"
      aria-label={t('welcome_exampleTold')}
    >
      <defs>
        {levels.map(({ side }) => (
          <linearGradient key={side} id={`fade-${side}`}>
            <stop class={`zone ${side}`} offset="0" stop-opacity="0" />
            <stop class={`zone ${side}`} offset="0.2" />
          </linearGradient>
        ))}
      </defs>
      {levels.map((level) => (
        <rect
          key={level.side}
          fill={`url(#fade-${level.side})`}
          x={column * level.x}
          y={y(level.high)}
          width={pane.width - column * level.x}
          height={y(level.low) - y(level.high)}
        />
      ))}
      <Scales />
      <Candles />
      <Profile />
      <path class="last" d={`M0 ${y(price)}H${pane.width}`} />
      <rect
        x={pane.width}
        y={y(price) - 8.5}
        width={size.width - pane.width}
        height="17"
        rx="2"
        class="price"
      />
      <text class="on-price" x={pane.width + 6} y={y(price) + 4}>
        {priceText(price)}
      </text>
      {levels.map((level) => (
        <Level key={level.side} {...level} />
      ))}
      <path class="frame" d={`M${pane.width} 0V${pane.height}M0 ${pane.height}H${size.width}`} />
    </svg>
  );
}

/** Prices and times with their lines; no price where the last one stands. */
function Scales() {
  return (
    <g>
      {multiples(priceStep, low, high).map((at) => (
        <g key={at}>
          <path class="grid" d={`M0 ${y(at)}H${pane.width}`} />
          {Math.abs(y(at) - y(price)) > 17 && y(at) > 9 && y(at) < pane.height - 9 && (
            <text class="scale" x={pane.width + 6} y={y(at) + 4}>
              {priceText(at)}
            </text>
          )}
        </g>
      ))}
      {times.map(({ x, text }) => (
        <g key={text}>
          <path class="grid" d={`M${column * x} 0V${pane.height}`} />
          <text class="scale" x={column * x} y={size.height - 6} text-anchor="middle">
            {text}
          </text>
        </g>
      ))}
    </g>
  );
}

function Candles() {
  return (
    <g>
      {candles.map(([open, top, bottom, close], i) => {
        const left = column * i;
        const body = Math.max(1, Math.abs(y(open) - y(close)));
        return (
          <g key={`${i}`} class={close >= open ? 'up' : 'down'}>
            <path d={`M${left + column / 2} ${y(top)}V${y(bottom)}`} />
            <rect x={left + 0.7} y={Math.min(y(open), y(close))} width={column - 1.4} height={body} />
          </g>
        );
      })}
    </g>
  );
}

/** Bars of the whole estimate, brighter where they belong to a level. */
function Profile() {
  const row = (high - low) / profile.length;
  return (
    <g>
      {profile.map((share, i) => {
        const middle = low + row * (i + 0.5);
        const side = middle < price ? 'long' : 'short';
        const isLevel = levels.some((level) => middle > level.low && middle < level.high);
        const length = longestBar * share;
        return (
          <rect
            key={`${i}`}
            class={`bar ${side} ${isLevel ? 'level' : ''}`}
            x={pane.width - length}
            y={y(middle + row / 2) + 0.5}
            width={length}
            height={y(low) / profile.length - 1}
          />
        );
      })}
    </g>
  );
}

/** Its edge, and a label outside it as seen from the price: HTML, which is as wide as its words. */
function Level(level: ExampleMarket['levels'][number]) {
  const { side, edge } = level;
  const words = levelText(level, price, 1, true);
  const name = t(side === 'long' ? 'map_longs' : 'map_shorts');
  const top = side === 'long' ? y(edge) + plate.gap : y(edge) - plate.gap - plate.height;
  return (
    <g>
      <path class={`edge ${side}`} d={`M0 ${y(edge)}H${pane.width}`} />
      <foreignObject x="0" y={top} width={pane.width - plate.right} height={plate.height}>
        <div class={`plates ${side}`}>
          <span class="plate">
            <b>{name}</b>
            {words.slice(name.length)}
          </span>
        </div>
      </foreignObject>
    </g>
  );
}
