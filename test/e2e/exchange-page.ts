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

/** Rows of what is over the pane, and how it stands: some catches the pointer, some comes up under it, some is in another layer. */
const over = (rows: number): string => `<div class="legend">${legend(rows)}</div>
<button class="collapse word">⌃</button>
<div class="buttons word"><button>×</button><button>⤢</button></div>
<div class="zoom word"><button>−</button><button>+</button></div>
<div class="drawing word"><i></i><i></i><i></i></div>
<div class="replay word">Replay ⏮ ⏵ 1×</div>
<div class="logo word"></div><div class="watermark"><span class="word">BTCUSDT</span></div>
<div class="order"><span class="word">Limit 0.250 BTC ×</span></div>
<div class="countdown word">02:59<br>59,784.3</div>
<div class="realtime word" role="button">»</div>
<div class="notice word">Data is delayed</div>
<div class="backdrop"><div class="word search">Symbol search<br>BTCUSDT<br>ETHUSDT<br>SOLUSDT</div></div>`;

export const exchangePage = ({ width, height, rows, direction, theme }: ExchangePage): string => {
  const [back, ink] = theme === 'dark' ? ['#131722', '#d1d4dc'] : ['#ffffff', '#131722'];
  return `<!doctype html><html dir="${direction}"><title>x</title><style>
body{margin:0;background:${back};color:${ink};font:13px/24px sans-serif}
#box{position:relative;width:var(--width);height:var(--height);--pane:calc(var(--width) - ${axisWidth}px);direction:ltr;overflow:hidden}
#box canvas{position:absolute;top:0}#pane{left:0}#axis{left:var(--pane)}
.over{position:absolute;inset:0;z-index:50;pointer-events:none}
.legend{position:absolute;left:8px;top:2px;width:calc(var(--pane) - 16px)}
.legend .title,.collapse,.buttons,.drawing,.replay,.logo,.order span,.realtime{pointer-events:auto}
.row{height:24px;white-space:nowrap;overflow:hidden}
.collapse{position:absolute;left:8px;top:${4 + 24 * rows}px;width:28px;height:22px}
.buttons{position:absolute;top:4px;right:${axisWidth + 8}px;display:none}
#box:hover :is(.buttons,.zoom){display:block}
.zoom{position:absolute;bottom:12px;left:calc(var(--pane) / 2 - 40px);display:none}
.drawing{position:absolute;left:8px;top:50%;width:30px;border-radius:6px;background:#5556}
.drawing i{display:block;height:28px}
.replay{position:absolute;top:8px;left:calc(var(--pane) / 2 - 60px);width:120px;background:#8886;display:none}
.replayed .replay,.searched .backdrop{display:block}
.logo{position:absolute;left:8px;bottom:8px;width:34px;height:34px;border-radius:50%;background:#888}
.watermark{position:absolute;left:0;width:var(--pane);top:45%;text-align:center;font-size:28px;opacity:.2}
.order{position:absolute;left:0;width:var(--pane);top:60%;height:1px;background:#5b9cf6}
.order span{position:absolute;right:140px;top:-11px;background:${back};border:1px solid #5b9cf6;font-size:11px;line-height:20px;padding:0 6px}
.countdown{position:absolute;right:${axisWidth}px;top:50%;padding:0 4px;background:#26a69a;font-size:11px;line-height:14px}
.realtime{position:absolute;right:${axisWidth + 14}px;bottom:40px;width:30px;height:30px;background:#8886;text-align:center}
.notice{position:absolute;right:${axisWidth + 8}px;bottom:8px;font-size:11px}
.backdrop{position:fixed;inset:0;z-index:150;background:#0008;pointer-events:auto;display:none}
.search{position:absolute;left:10%;top:10%;width:50%;background:${back}}
</style><body><div id="box">
<canvas id="pane"></canvas><canvas id="axis" width="${axisWidth}"></canvas><div class="over">${over(rows)}</div></div>
<script>
// Declared so that the page can be written again over itself.
var box = document.getElementById('box');
var axis = document.getElementById('axis').getContext('2d'), pane = document.getElementById('pane').getContext('2d');
/** Gives the chart another size, CSS pixels; its prices come with the next drawing. */
function fit(width, height) {
  box.style.setProperty('--width', width + 'px');
  box.style.setProperty('--height', height + 'px');
  pane.canvas.width = width - ${axisWidth};
  pane.canvas.height = axis.canvas.height = height;
  pane.fillStyle = '${back}';
  pane.fillRect(0, 0, width, height);
}
/** Shows 'price' at the middle, with a twentieth of it over the pane. */
function draw(price) {
  const { height } = axis.canvas;
  axis.clearRect(0, 0, ${axisWidth}, height);
  axis.fillStyle = '${ink}'; axis.font = '12px sans-serif'; axis.textBaseline = 'middle';
  const step = Math.max(25, height / 12);
  for (let y = step / 2; y < height; y += step) axis.fillText((price * (1.025 - 0.05 * y / height)).toFixed(1), 4, y);
}
fit(${width}, ${height});
/** Values grow and shrink, several times a second, and the time to the bar's close runs down. */
var turn = 0;
setInterval(() => {
  turn++;
  for (const value of document.querySelectorAll('.value')) value.textContent = value.textContent.slice(0, 8) + '9'.repeat(turn % 30);
  document.querySelector('.countdown').firstChild.data = '02:' + String(59 - (turn >> 4) % 60).padStart(2, '0');
}, 75);
</script></body></html>`;
};
