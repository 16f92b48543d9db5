/**
 * What runs in the trading page. The function is sent to the browser as text: it may use nothing from outside its own
 * body. It reads what to show from the body's data attributes, asks the venue's real REST and socket addresses, and
 * leaves the chart at `window.__chart` and `window.__series` for tests.
 */
export function runPage(): void {
  type Candle = { time: number; open: number; high: number; low: number; close: number };
  type Level = [price: number, amount: number];
  interface Summary {
    last?: number;
    mark?: number;
    change?: number;
    high?: number;
    low?: number;
    volume?: number;
    interest?: number;
  }
  interface News {
    candle?: Candle;
    bids?: Level[];
    asks?: Level[];
    trades?: { price: number; amount: number; time: number; buy: boolean }[];
    summary?: Summary;
  }
  interface Feed {
    /** The newest candles, ascending, time in ms. */
    candles(interval: string): Promise<Candle[]>;
    summary(): Promise<Summary>;
    /** Addresses with the texts to send once open, and how to read what comes. */
    sockets(interval: string): { url: string; subscribe: unknown[]; ping?: string }[];
    // biome-ignore lint/suspicious/noExplicitAny: the venues' messages are told apart by looking
    read(message: any): News;
  }
  interface ChartWindow {
    LightweightCharts: {
      createChart(container: HTMLElement, options: object): Chart;
      CandlestickSeries: unknown;
    };
    __chart?: Chart;
    __series?: Series;
  }
  interface Series {
    setData(rows: object[]): void;
    update(row: object): void;
    applyOptions(options: object): void;
  }
  interface Chart {
    addSeries(kind: unknown, options: object): Series;
    timeScale(): { applyOptions(options: object): void; setVisibleLogicalRange(range: object): void };
  }

  const page = window as unknown as ChartWindow;
  const settings = document.body.dataset as Record<string, string>;
  const venue = settings.venue!;
  const symbol = settings.symbol!;
  const priceDecimals = Number(settings.price);
  const baseDecimals = Number(settings.base);
  const interval = settings.interval || '5m';
  const isLight = settings.theme === 'light';

  async function get(url: string, body?: object): Promise<unknown> {
    const post = body && {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    };
    const answer = await fetch(url, post || undefined);
    if (!answer.ok) throw new Error(`${url}: HTTP ${answer.status}`);
    return answer.json();
  }
  const levels = (rows: (string | number)[][]): Level[] =>
    rows.map((row) => [Number(row[0]), Number(row[1])]);
  const candleOf = (row: unknown[]): Candle => ({
    time: Number(row[0]),
    open: Number(row[1]),
    high: Number(row[2]),
    low: Number(row[3]),
    close: Number(row[4]),
  });

  const defined = (name: string, value: number | undefined) => (value === undefined ? {} : { [name]: value });

  /** The best levels of a book that arrives as changes. */
  const resting = { bids: new Map<number, number>(), asks: new Map<number, number>() };
  function merged(bids: (string | number)[][], asks: (string | number)[][], isWhole: boolean): News {
    for (const [side, changes] of [
      [resting.bids, bids],
      [resting.asks, asks],
    ] as const) {
      if (isWhole) side.clear();
      for (const [price, amount] of levels(changes)) {
        if (amount === 0) side.delete(price);
        else side.set(price, amount);
      }
    }
    const best = (side: Map<number, number>, sign: number) =>
      [...side].sort((a, b) => sign * (a[0] - b[0])).slice(0, 15) as Level[];
    return { bids: best(resting.bids, -1), asks: best(resting.asks, 1) };
  }

  const feeds: Record<string, () => Feed> = {
    binance: () => {
      const api = 'https://fapi.binance.com/fapi/v1';
      const name = symbol.toLowerCase();
      return {
        async candles(of) {
          const rows = (await get(`${api}/klines?symbol=${symbol}&interval=${of}&limit=1000`)) as unknown[][];
          return rows.map(candleOf);
        },
        async summary() {
          const [day, interest] = (await Promise.all([
            get(`${api}/ticker/24hr?symbol=${symbol}`),
            get(`${api}/openInterest?symbol=${symbol}`),
          ])) as Record<string, string>[];
          return {
            last: Number(day!.lastPrice),
            change: Number(day!.priceChangePercent),
            high: Number(day!.highPrice),
            low: Number(day!.lowPrice),
            volume: Number(day!.volume),
            interest: Number(interest!.openInterest),
          };
        },
        sockets: (of) => [
          {
            url: `wss://fstream.binance.com/market/stream?streams=${name}@kline_${of}/${name}@aggTrade/${name}@markPrice@1s`,
            subscribe: [],
          },
          { url: `wss://fstream.binance.com/public/stream?streams=${name}@depth20@500ms`, subscribe: [] },
        ],
        read({ data }) {
          if (data?.e === 'kline') {
            const { t, o, h, l, c } = data.k;
            return { candle: candleOf([t, o, h, l, c]) };
          }
          if (data?.e === 'aggTrade') {
            return {
              trades: [{ price: Number(data.p), amount: Number(data.q), time: data.T, buy: !data.m }],
            };
          }
          if (data?.e === 'depthUpdate') return { bids: levels(data.b), asks: levels(data.a) };
          if (data?.e === 'markPriceUpdate') return { summary: { mark: Number(data.p) } };
          return {};
        },
      };
    },
    bybit: () => {
      const api = 'https://api.bybit.com/v5/market';
      const names: Record<string, string> = {
        '1m': '1',
        '5m': '5',
        '15m': '15',
        '1h': '60',
        '4h': '240',
        '1d': 'D',
      };
      const summaryOf = (row: Record<string, string>): Summary => {
        const value = (key: string) => (row[key] === undefined ? undefined : Number(row[key]));
        const change = value('price24hPcnt');
        return {
          ...defined('last', value('lastPrice')),
          ...defined('mark', value('markPrice')),
          ...defined('change', change === undefined ? undefined : change * 100),
          ...defined('high', value('highPrice24h')),
          ...defined('low', value('lowPrice24h')),
          ...defined('volume', value('volume24h')),
          ...defined('interest', value('singleOpenInterest')),
        };
      };
      const result = async (url: string) => ((await get(url)) as { result: { list: never[] } }).result.list;
      return {
        async candles(of) {
          const rows: unknown[][] = await result(
            `${api}/kline?category=linear&symbol=${symbol}&interval=${names[of]}&limit=1000`,
          );
          return rows.map(candleOf).reverse();
        },
        summary: async () => summaryOf((await result(`${api}/tickers?category=linear&symbol=${symbol}`))[0]!),
        sockets: (of) => [
          {
            url: 'wss://stream.bybit.com/v5/public/linear',
            subscribe: [
              {
                op: 'subscribe',
                args: [
                  `kline.${names[of]}.${symbol}`,
                  `tickers.${symbol}`,
                  `publicTrade.${symbol}`,
                  `orderbook.50.${symbol}`,
                ],
              },
            ],
            ping: '{"op":"ping"}',
          },
        ],
        read({ topic = '', type, data }) {
          if (topic.startsWith('kline')) {
            const { start, open, high, low, close } = data[0];
            return { candle: candleOf([start, open, high, low, close]) };
          }
          if (topic.startsWith('tickers')) return { summary: summaryOf(data) };
          if (topic.startsWith('publicTrade')) {
            return {
              trades: data.map(({ p, v, T, S }: Record<string, string>) => ({
                price: Number(p),
                amount: Number(v),
                time: Number(T),
                buy: S === 'Buy',
              })),
            };
          }
          return topic.startsWith('orderbook') ? merged(data.b, data.a, type === 'snapshot') : {};
        },
      };
    },
    okx: () => {
      const api = '/api/v5';
      const names: Record<string, string> = { '1h': '1H', '4h': '4H', '1d': '1Dutc' };
      const size = Number(settings.contract);
      const arg = (channel: string) => ({ channel, instId: symbol });
      const data = async (url: string) => ((await get(url)) as { data: never[] }).data;
      const tickerOf = (row: Record<string, string>): Summary => ({
        last: Number(row.last),
        change: (Number(row.last) / Number(row.open24h) - 1) * 100,
        high: Number(row.high24h),
        low: Number(row.low24h),
        volume: Number(row.volCcy24h),
      });
      const inCoins = (rows: string[][]): Level[] => rows.map(([p, q]) => [Number(p), Number(q) * size]);
      return {
        async candles(of) {
          const bar = names[of] ?? of;
          const rows: unknown[][] = [];
          for (let page = 0; page < 3; page++) {
            const after = rows.length ? `&after=${String(rows.at(-1)![0])}` : '';
            rows.push(...(await data(`${api}/market/candles?instId=${symbol}&bar=${bar}&limit=300${after}`)));
          }
          return rows.map(candleOf).reverse();
        },
        async summary() {
          const [ticker] = await data(`${api}/market/ticker?instId=${symbol}`);
          const [interest] = await data(`${api}/public/open-interest?instType=SWAP&instId=${symbol}`);
          return {
            ...tickerOf(ticker!),
            interest: Number((interest as Record<string, string> | undefined)?.oiCcy),
          };
        },
        sockets: (of) => [
          {
            url: 'wss://ws.okx.com:8443/ws/v5/public',
            subscribe: [{ op: 'subscribe', args: ['mark-price', 'tickers', 'trades', 'books'].map(arg) }],
            ping: 'ping',
          },
          {
            url: 'wss://ws.okx.com:8443/ws/v5/business',
            subscribe: [{ op: 'subscribe', args: [arg(`candle${names[of] ?? of}`)] }],
            ping: 'ping',
          },
        ],
        read({ arg: { channel } = { channel: '' }, action, data }) {
          if (!data) return {};
          if (channel.startsWith('candle')) return { candle: candleOf(data[0]) };
          if (channel === 'mark-price') return { summary: { mark: Number(data[0].markPx) } };
          if (channel === 'tickers') return { summary: tickerOf(data[0]) };
          if (channel === 'books')
            return merged(inCoins(data[0].bids), inCoins(data[0].asks), action === 'snapshot');
          return {
            trades: data.map(({ px, sz, ts, side }: Record<string, string>) => ({
              price: Number(px),
              amount: Number(sz) * size,
              time: Number(ts),
              buy: side === 'buy',
            })),
          };
        },
      };
    },
    bitget: () => {
      const api = '/api/v2/mix/market';
      const query = `productType=USDT-FUTURES&symbol=${symbol}`;
      const names: Record<string, string> = { '1h': '1H', '4h': '4H', '1d': '1Dutc' };
      const summaryOf = (row: Record<string, string>): Summary => ({
        last: Number(row.lastPr),
        mark: Number(row.markPrice),
        change: Number(row.change24h) * 100,
        high: Number(row.high24h),
        low: Number(row.low24h),
        volume: Number(row.baseVolume),
        interest: Number(row.holdingAmount),
      });
      return {
        async candles(of) {
          const url = `${api}/candles?${query}&granularity=${names[of] ?? of}&limit=1000`;
          return ((await get(url)) as { data: unknown[][] }).data.map(candleOf);
        },
        async summary() {
          return summaryOf(
            ((await get(`${api}/ticker?${query}`)) as { data: Record<string, string>[] }).data[0]!,
          );
        },
        sockets: (of) => [
          {
            url: 'wss://ws.bitget.com/v2/ws/public',
            subscribe: [
              {
                op: 'subscribe',
                args: [`candle${names[of] ?? of}`, 'ticker', 'trade', 'books15'].map((channel) => ({
                  instType: 'USDT-FUTURES',
                  channel,
                  instId: symbol,
                })),
              },
            ],
            ping: 'ping',
          },
        ],
        read({ arg: { channel } = { channel: '' }, data }) {
          if (!data) return {};
          if (channel.startsWith('candle')) return { candle: candleOf(data.at(-1)) };
          if (channel === 'ticker') return { summary: summaryOf(data[0]) };
          if (channel === 'books15') return { bids: levels(data[0].bids), asks: levels(data[0].asks) };
          return {
            trades: data.toReversed().map(({ price, size, ts, side }: Record<string, string>) => ({
              price: Number(price),
              amount: Number(size),
              time: Number(ts),
              buy: side === 'buy',
            })),
          };
        },
      };
    },
    hyperliquid: () => {
      const api = 'https://api.hyperliquid.xyz/info';
      const step: Record<string, number> = { '1m': 1, '5m': 5, '15m': 15, '1h': 60, '4h': 240, '1d': 1440 };
      const row = ({ t, o, h, l, c }: Record<string, unknown>) => candleOf([t, o, h, l, c]);
      const summaryOf = (context: Record<string, string>): Summary => ({
        last: Number(context.midPx),
        mark: Number(context.markPx),
        change: (Number(context.markPx) / Number(context.prevDayPx) - 1) * 100,
        volume: Number(context.dayBaseVlm),
        interest: Number(context.openInterest),
      });
      const subscribe = (subscription: object) => ({
        method: 'subscribe',
        subscription: { coin: symbol, ...subscription },
      });
      return {
        async candles(of) {
          const startTime = Date.now() - 1000 * step[of]! * 60_000;
          const asked = { type: 'candleSnapshot', req: { coin: symbol, interval: of, startTime } };
          return ((await get(api, asked)) as Record<string, unknown>[]).map(row);
        },
        async summary() {
          const [meta, contexts] = (await get(api, { type: 'metaAndAssetCtxs' })) as [
            { universe: { name: string }[] },
            Record<string, string>[],
          ];
          return summaryOf(contexts[meta.universe.findIndex(({ name }) => name === symbol)]!);
        },
        sockets: (of) => [
          {
            url: 'wss://api.hyperliquid.xyz/ws',
            subscribe: [
              subscribe({ type: 'candle', interval: of }),
              subscribe({ type: 'activeAssetCtx' }),
              subscribe({ type: 'trades' }),
              subscribe({ type: 'l2Book' }),
            ],
            ping: '{"method":"ping"}',
          },
        ],
        read({ channel, data }) {
          if (channel === 'candle') return { candle: row(data) };
          if (channel === 'activeAssetCtx') return { summary: summaryOf(data.ctx) };
          if (channel === 'trades') {
            return {
              trades: data.map(({ px, sz, time, side }: Record<string, string>) => ({
                price: Number(px),
                amount: Number(sz),
                time: Number(time),
                buy: side === 'B',
              })),
            };
          }
          if (channel !== 'l2Book') return {};
          const [bids, asks] = data.levels.map((side: Record<string, string>[]) =>
            levels(side.map(({ px, sz }) => [px!, sz!])),
          );
          return { bids, asks };
        },
      };
    },
  };
  const feed = feeds[venue]!();

  const $ = (id: string) => document.getElementById(id);
  const money = (value: number) =>
    value.toLocaleString('en-US', {
      minimumFractionDigits: priceDecimals,
      maximumFractionDigits: priceDecimals,
    });
  /** Large amounts need no decimals, and very large ones are shortened. */
  const amountText = (value: number) =>
    value >= 1e5
      ? value.toLocaleString('en-US', { notation: 'compact', maximumSignificantDigits: 4 })
      : value.toLocaleString('en-US', {
          maximumFractionDigits: value >= 100 ? 0 : Math.min(baseDecimals, 3),
        });

  // ---- chart ----

  let onCandle: ((candle: Candle) => void) | undefined;
  async function mountChart(container: HTMLElement): Promise<void> {
    const colour = getComputedStyle(document.documentElement);
    const of = (name: string) => colour.getPropertyValue(name).trim();
    const chart = page.LightweightCharts.createChart(container, {
      autoSize: true,
      layout: { background: { color: of('--panel') }, textColor: of('--faint'), fontSize: 12 },
      grid: {
        vertLines: { color: isLight ? '#eef1f5' : '#1a212a' },
        horzLines: { color: isLight ? '#eef1f5' : '#1a212a' },
      },
      crosshair: { mode: 0 },
      rightPriceScale: { borderColor: of('--line') },
      timeScale: { borderColor: of('--line'), timeVisible: true, rightOffset: 12 },
    });
    const series = chart.addSeries(page.LightweightCharts.CandlestickSeries, {
      upColor: of('--up'),
      wickUpColor: of('--up'),
      downColor: of('--down'),
      wickDownColor: of('--down'),
      borderVisible: false,
      priceFormat: { type: 'price', precision: priceDecimals, minMove: 10 ** -priceDecimals },
    });
    page.__chart = chart;
    page.__series = series;
    const row = (candle: Candle) => ({ ...candle, time: candle.time / 1000 });
    let newest = 0;
    onCandle = (candle) => {
      if (candle.time < newest) return;
      newest = candle.time;
      series.update(row(candle));
    };
    const candles = await feed.candles(interval);
    series.setData(candles.map(row));
    newest = candles.at(-1)?.time ?? 0;
    chart.timeScale().setVisibleLogicalRange({ from: candles.length - 180, to: candles.length + 12 });
    document.documentElement.dataset.ready = 'chart';
  }

  // ---- columns ----

  function showBook(bids: Level[], asks: Level[]): void {
    for (const [id, side, tone] of [
      ['asks', asks, 'down'],
      ['bids', bids, 'up'],
    ] as const) {
      const shown = side.slice(0, 15);
      const whole = shown.reduce((sum, [, amount]) => sum + amount, 0);
      let sum = 0;
      $(id)!.replaceChildren(
        ...shown.map(([price, amount]) => {
          sum += amount;
          const row = document.createElement('div');
          row.className = `row ${tone}`;
          const bar = document.createElement('i');
          bar.style.width = `${(sum / whole) * 100}%`;
          for (const text of [money(price), amountText(amount), amountText(sum)]) {
            row.append(Object.assign(document.createElement('span'), { textContent: text }));
          }
          row.append(bar);
          return row;
        }),
      );
    }
  }

  let before = 0;
  function showLast(price: number): void {
    const tone = price >= before ? 'up' : 'down';
    before = price;
    for (const id of ['last', 'middle']) {
      const element = $(id);
      if (!element) continue;
      element.textContent = money(price);
      element.className = tone;
    }
    document.title = `${money(price)} | ${symbol} perpetual`;
  }

  function showSummary(summary: Summary): void {
    if (summary.last !== undefined) showLast(summary.last);
    for (const id of ['mark', 'high', 'low'] as const)
      if (summary[id] !== undefined) $(id)!.textContent = money(summary[id]);
    for (const id of ['volume', 'interest'] as const) {
      if (summary[id] !== undefined) $(id)!.textContent = amountText(summary[id]);
    }
    if (summary.change !== undefined) {
      $('change')!.textContent = `${summary.change >= 0 ? '+' : '−'}${Math.abs(summary.change).toFixed(2)} %`;
      $('change')!.className = summary.change >= 0 ? 'up' : 'down';
    }
  }

  function showTrades(trades: NonNullable<News['trades']>): void {
    const list = $('trades')!;
    for (const { price, amount, time, buy } of trades) {
      const row = document.createElement('div');
      row.className = `row ${buy ? 'up' : 'down'}`;
      const clock = new Date(time).toISOString().slice(11, 19);
      for (const text of [money(price), amountText(amount), clock]) {
        row.append(Object.assign(document.createElement('span'), { textContent: text }));
      }
      list.prepend(row);
      while (list.childElementCount > 40) list.lastElementChild!.remove();
    }
  }

  // ---- sockets ----

  function listen(): void {
    for (const { url, subscribe, ping } of feed.sockets(interval)) {
      const socket = new WebSocket(url);
      let beat: ReturnType<typeof setInterval> | undefined;
      socket.addEventListener('open', () => {
        for (const text of subscribe) socket.send(JSON.stringify(text));
        if (ping) beat = setInterval(() => socket.send(ping), 15_000);
      });
      socket.addEventListener('message', ({ data }) => {
        let news: News;
        try {
          news = feed.read(JSON.parse(data));
        } catch {
          return; // a pong, or a message damaged on purpose
        }
        if (news.candle) {
          onCandle?.(news.candle);
          if (!settings.bare) showLast(news.candle.close);
        }
        if (settings.bare) return;
        if (news.bids && news.asks) showBook(news.bids, news.asks);
        if (news.trades) showTrades(news.trades);
        if (news.summary) showSummary(news.summary);
      });
      socket.addEventListener('close', () => clearInterval(beat));
    }
  }

  function mountFrame(frame: HTMLIFrameElement): void {
    const address = new URL(location.href);
    address.searchParams.set('bare', '1');
    if (settings.frame === 'iframe') {
      frame.src = address.href;
      return;
    }
    void (async () => {
      const markup = await (await fetch(address)).text();
      if (settings.frame === 'srcdoc') frame.srcdoc = markup;
      else frame.src = URL.createObjectURL(new Blob([markup], { type: 'text/html' }));
    })();
  }

  function mountIntervals(nav: HTMLElement): void {
    for (const name of ['1m', '5m', '15m', '1h', '4h', '1d']) {
      const button = Object.assign(document.createElement('button'), { textContent: name });
      button.setAttribute('aria-pressed', String(name === interval));
      button.addEventListener('click', () => {
        const address = new URL(location.href);
        address.searchParams.set('interval', name);
        location.assign(address);
      });
      nav.append(button);
    }
  }

  const container = $('chart');
  const frame = $('frame');
  const nav = $('intervals');
  if (nav) mountIntervals(nav);
  if (frame) mountFrame(frame as HTMLIFrameElement);
  const refresh = () => void feed.summary().then(showSummary, (error: unknown) => console.warn(error));
  if (!settings.bare) {
    refresh();
    setInterval(refresh, 30_000);
  }
  if (container) void mountChart(container).catch((error: unknown) => console.warn(error));
  listen();
}
