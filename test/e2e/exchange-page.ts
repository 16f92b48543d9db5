/**
 * A stand-in for an exchange's page: a chart drawn by hand with what exchanges' charts have over the pane, as DOM. What
 * is over the pane has the class `word`; where it catches the pointer differs, as it does there.
 */

export interface ExchangePage {
  /** CSS pixels. */
  width: number;
  height: number;
  /** Rows of the legend at the top left. */
  rows: number;
  direction: 'ltr' | 'rtl';
  theme: 'dark' | 'light';
}

const axisWidth = 60;

const legend = (rows: number): string =>
  Array.from({ length: rows }, (_, i) => {
    const text = i === 0 ? 'BTCUSDT Perpetual · 5 · Exchange' : `Study ${i}`;
    const values = i === 0 ? 'O59,826.0 H59,841.2 L59,770.5 C59,784.3' : '1.98K';
    return `<div class="row"><span class="word title">${text}</span> <span class="word value">${values}</span></div>`;
  }).join('');

export const exchangePage = ({ width, height, rows, direction, theme }: ExchangePage): string => {
  const pane = width - axisWidth;
  const [back, ink] = theme === 'dark' ? ['#131722', '#d1d4dc'] : ['#ffffff', '#131722'];
  return `<!doctype html><html dir="${direction}"><title>x</title><style>
body{margin:0;background:${back};color:${ink};font:13px/24px sans-serif}
#box{position:relative;width:${width}px;height:${height}px;direction:ltr;overflow:hidden}
#box canvas{position:absolute;top:0}
.legend{position:absolute;left:8px;top:2px;width:${pane - 16}px;pointer-events:none;z-index:3}
.legend .title{pointer-events:auto}.row{height:24px;white-space:nowrap;overflow:hidden}
.collapse{position:absolute;left:8px;top:${4 + 24 * rows}px;width:28px;height:22px;z-index:3}
.buttons{position:absolute;top:4px;right:${axisWidth + 8}px;z-index:3;display:none}
#box:hover .buttons,#box:hover .zoom{display:block}
.zoom{position:absolute;bottom:12px;left:${pane / 2 - 40}px;z-index:3;display:none}
.logo{position:absolute;left:8px;bottom:8px;width:34px;height:34px;border-radius:50%;background:#888;z-index:3}
.watermark{position:absolute;left:0;width:${pane}px;top:45%;text-align:center;font-size:28px;opacity:.2;pointer-events:none}
.order{position:absolute;left:0;width:${pane}px;top:60%;height:1px;background:#5b9cf6;z-index:2}
.order span{position:absolute;right:140px;top:-11px;background:${back};border:1px solid #5b9cf6;font-size:11px;line-height:20px;padding:0 6px}
.notice{position:absolute;right:${axisWidth + 8}px;bottom:8px;z-index:3;font-size:11px}
</style><body><div id="box">
<canvas id="pane" width="${pane}" height="${height}" style="left:0"></canvas>
<canvas id="axis" width="${axisWidth}" height="${height}" style="left:${pane}px"></canvas>
<div class="legend">${legend(rows)}</div><button class="collapse word">⌃</button>
<div class="buttons word"><button>×</button><button>⤢</button></div><div class="zoom word"><button>−</button><button>+</button></div>
<div class="logo word"></div><div class="watermark">BTCUSDT</div>
<div class="order"><span class="word">Limit 0.250 BTC ×</span></div><div class="notice word">Data is delayed</div></div>
<script>
const axis = document.getElementById('axis').getContext('2d'), pane = document.getElementById('pane').getContext('2d');
pane.fillStyle = '${back}'; pane.fillRect(0, 0, ${pane}, ${height});
/** Shows 'price' at the middle, with a twentieth of it over the pane. */
function draw(price) {
  axis.fillStyle = '${back}'; axis.fillRect(0, 0, 60, ${height}); axis.clearRect(0, 0, 0, 0);
  axis.clearRect(0, 0, 60, ${height});
  axis.fillStyle = '${ink}'; axis.font = '12px sans-serif'; axis.textBaseline = 'middle';
  const step = Math.max(25, ${height} / 12);
  for (let y = step / 2; y < ${height}; y += step) axis.fillText((price * (1.025 - 0.05 * y / ${height})).toFixed(1), 4, y);
}
/** Values grow and shrink, several times a second. */
let turn = 0;
setInterval(() => {
  turn++;
  for (const value of document.querySelectorAll('.value')) value.textContent = value.textContent.slice(0, 8) + '9'.repeat(turn % 30);
}, 75);
</script></body></html>`;
};
