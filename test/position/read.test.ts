import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readPositions } from '../../src/position/read';

const copied = (name: string) =>
  readPositions(readFileSync(new URL(`../fixtures/positions/${name}.txt`, import.meta.url), 'utf8'));

const btc = { coin: 'BTC', side: 'long', entry: 59_800, leverage: 25, margin: 'isolated' };

describe('rows copied from the positions table of', () => {
  test('Binance, English: every cell on its own line, sizes in coins, a short by its minus, take profit and stop', () => {
    const [long, short, ...others] = copied('binance-en');
    expect(long).toMatchObject({
      ...btc,
      venue: 'binance',
      base: 0.5,
      mark: 59_805,
      liquidation: 57_647.1,
      target: 61_800,
      stop: 59_150,
      assumed: ['side'],
    });
    expect(short).toMatchObject({
      coin: '1000PEPE',
      side: 'short',
      entry: 0.01234,
      base: 50_000,
      leverage: 10,
      margin: 'cross',
      assumed: [],
    });
    expect(short).not.toHaveProperty('stop');
    expect(others).toEqual([]);
  });

  test('Binance, Chinese: headings copied along, tabs, size in USDT', () => {
    expect(copied('binance-zh')).toMatchObject([
      { ...btc, venue: 'binance', usd: 29_902.5, liquidation: 57_647.1, assumed: ['side', 'base'] },
    ]);
  });

  test('Binance, German: points part thousands and commas decimals', () => {
    expect(copied('binance-de')).toMatchObject([
      { ...btc, side: 'short', base: 0.5, liquidation: 61_947.3, venue: 'binance', assumed: [] },
    ]);
  });

  test('Bybit, English: headings on lines of their own, sides told by colour alone are concluded and said to be', () => {
    const [long, short, ...others] = copied('bybit-en');
    expect(long).toMatchObject({
      ...btc,
      venue: 'bybit',
      base: 0.5,
      liquidation: 57_724.1,
      target: 61_800,
      stop: 59_150,
      assumed: ['side'],
    });
    // No liquidation price: it gains below its entry.
    expect(short).toMatchObject({
      coin: 'ETH',
      side: 'short',
      entry: 2342.1,
      mark: 2330,
      base: 2,
      leverage: 10,
      margin: 'cross',
      assumed: ['side'],
    });
    expect(others).toEqual([]);
  });

  test('Bybit, Chinese', () => {
    expect(copied('bybit-zh')).toMatchObject([
      { ...btc, venue: 'bybit', side: 'short', base: 0.5, liquidation: 61_910.2, assumed: ['side'] },
    ]);
  });

  test('OKX, English: size in contracts, which stays in contracts until the size of one is known', () => {
    const [row] = copied('okx-en');
    expect(row).toMatchObject({
      ...btc,
      venue: 'okx',
      contracts: 50,
      target: 61_800,
      stop: 59_150,
      assumed: [],
    });
    expect(row).not.toHaveProperty('base');
  });

  test('OKX, were its columns in another order: a long that gained below its entry is shown to be corrected', () => {
    expect(copied('okx-mark-first')).toMatchObject([{ side: 'long', entry: 59_805, assumed: ['entry'] }]);
  });

  test('OKX, Chinese: cross, no liquidation price', () => {
    expect(copied('okx-zh')).toMatchObject([
      {
        coin: 'BTC',
        side: 'short',
        margin: 'cross',
        leverage: 10,
        base: 0.5,
        entry: 59_800,
        mark: 59_805,
        venue: 'okx',
      },
    ]);
  });

  test('Bitget, English and Chinese', () => {
    expect(copied('bitget-en')).toMatchObject([
      { ...btc, venue: 'bitget', base: 0.5, liquidation: 57_696, target: 61_800, stop: 59_150, assumed: [] },
    ]);
    expect(copied('bitget-zh')).toMatchObject([
      {
        coin: 'ETH',
        side: 'short',
        margin: 'cross',
        leverage: 20,
        base: 2,
        entry: 2342.1,
        venue: 'bitget',
        assumed: [],
      },
    ]);
  });

  test('Hyperliquid, English and Chinese: bare coins, money with a dollar sign', () => {
    const [long, short, ...others] = copied('hyperliquid-en');
    expect(long).toMatchObject({
      ...btc,
      venue: 'hyperliquid',
      base: 0.5,
      liquidation: 57_911,
      assumed: ['side'],
    });
    expect(short).toMatchObject({
      coin: 'kPEPE',
      side: 'short',
      entry: 0.01234,
      base: 50_000,
      margin: 'cross',
    });
    expect(others).toEqual([]);
    expect(copied('hyperliquid-zh')).toMatchObject([
      {
        coin: 'ETH',
        side: 'long',
        entry: 2342.1,
        leverage: 20,
        liquidation: 2231.4,
        margin: 'isolated',
        venue: 'hyperliquid',
      },
    ]);
  });
});

test.each(['bybit-en', 'bybit-zh', 'okx-en', 'binance-zh', 'bitget-en', 'hyperliquid-zh'])(
  'what copying adds changes nothing: %s with blank lines, and with blanks and tabs at the ends of lines',
  (name) => {
    const text = readFileSync(new URL(`../fixtures/positions/${name}.txt`, import.meta.url), 'utf8');
    const rows = readPositions(text);
    for (const end of ['\n\n', '  \n', '\t\n', '\r\n', ' \n \t\n'])
      expect(readPositions(text.replaceAll('\n', end))).toEqual(rows);
  },
);

test('a row that ends in a number ends there: the contract of the next row is no unit of it', () => {
  const rows = ['BTCUSDT Perp', 'Long', '25.00x', '50 Cont', '59,800.0', '59,805.0', '57,800.0'];
  expect(
    readPositions([...rows, 'ETHUSDT Perp', 'Short', '10.00x', '2 ETH', '2,342.10'].join('\n')),
  ).toMatchObject([
    { coin: 'BTC', liquidation: 57_800 },
    { coin: 'ETH', base: 2 },
  ]);
});

describe('what the venues’ tables can look like besides', () => {
  const rowOf = (...cells: string[]) => readPositions(cells.join('\t'))[0]!;

  test('both sides of one market, as hedge mode has them: each row its own side', () => {
    const row = (side: string, liquidation: string) =>
      ['BTCUSDT Perp 20x', side, '0.500 BTC', '59,800.0', '59,829.9', '59,805.0', liquidation].join('\t');
    expect(readPositions(`${row('Long', '57,647.1')}\n${row('Short', '61,947.1')}`)).toMatchObject([
      { side: 'long', liquidation: 57_647.1, assumed: ['margin'] },
      { side: 'short', liquidation: 61_947.1, assumed: ['margin'] },
    ]);
  });

  test('columns in another order, where the headings say so', () => {
    const headings = ['Contracts', 'Entry Price', 'Qty', 'Mark Price', 'Liq. Price'].join('\t');
    const cells = ['BTCUSDT Isolated 25.00x', '59,800.00', '0.500', '59,805.00', '57,724.10'].join('\t');
    expect(readPositions(`${headings}\n${cells}`)[0]).toMatchObject({
      venue: 'bybit',
      entry: 59_800,
      base: 0.5,
      liquidation: 57_724.1,
    });
  });

  test('thousands parted by plain spaces', () => {
    expect(rowOf('BTCUSDT', 'Perp', '25x', '0,500 BTC', '59 800,0', '59 829,9', '59 805,0')).toMatchObject({
      base: 0.5,
      entry: 59_800,
      mark: 59_805,
    });
  });

  test('a coin-margined contract: its size is not taken for coins, and so is asked for', () => {
    const row = rowOf(
      'BTCUSD Perp',
      'Short',
      'Cross',
      '10.00x',
      '50 Cont',
      '59,800.0',
      '59,805.0',
      '61,000.0',
    );
    expect(row).toMatchObject({ coin: 'BTC', side: 'short', entry: 59_800, liquidation: 61_000 });
    for (const size of ['base', 'contracts', 'usd']) expect(row).not.toHaveProperty(size);
  });

  test('a long that would be liquidated above its entry contradicts itself: side and entry are to be looked at', () => {
    const cells = [
      'BTCUSDT Perp',
      'Long',
      'Isolated',
      '25.00x',
      '50 Cont',
      '59,800.0',
      '59,805.0',
      '61,670.8',
    ];
    expect(rowOf(...cells).assumed).toEqual(expect.arrayContaining(['side', 'entry']));
  });
});

describe('typed text', () => {
  test('is read whole, venue and margin mode assumed', () => {
    expect(readPositions('long BTC 59800 25x 0.5 stop 59150 tp 61800')).toEqual([
      {
        ...btc,
        base: 0.5,
        stop: 59_150,
        target: 61_800,
        venue: 'binance',
        assumed: ['venue', 'margin'],
      },
    ]);
  });

  test('in Chinese', () => {
    expect(readPositions('做多 BTC 59800 25x 0.5 止损 59150 止盈 61800')).toMatchObject([
      { ...btc, base: 0.5, stop: 59_150, target: 61_800 },
    ]);
  });

  test('that is not finished yet says what is understood so far', () => {
    const [row] = readPositions('short ETH 2342');
    expect(row).toMatchObject({ coin: 'ETH', side: 'short', entry: 2342 });
    expect(row).not.toHaveProperty('base');
    expect(row).not.toHaveProperty('leverage');
  });

  test('several lines are several positions', () => {
    expect(readPositions('long BTC 59800 25x 0.5\nshort ETH 2342 10x 3')).toMatchObject([
      { coin: 'BTC', side: 'long' },
      { coin: 'ETH', side: 'short', base: 3 },
    ]);
  });
});

describe('numbers', () => {
  const entry = (text: string) => readPositions(`BTCUSDT\nPerp\n25x\n-2 BTC\n${text}\n(Isolated)\n`)[0];

  test.each([
    ['59,800.5', 59_800.5],
    ['59.800,5', 59_800.5],
    ['59\u202f800,5', 59_800.5],
    ['59’800.5', 59_800.5],
    ['1,59,800.5', 159_800.5],
    ['٥٩٬٨٠٠٫٥', 59_800.5],
    ['５９，８００．５', 59_800.5],
    ['0,01234', 0.01234],
  ])('%s', (text, value) => {
    expect(entry(text)).toMatchObject({ entry: value, assumed: [] });
  });

  test('59.800 alone may be sixty or sixty thousand: taken with a point, and marked as taken', () => {
    expect(entry('59.800')).toMatchObject({ entry: 59.8, assumed: ['entry'] });
  });
});

test('any text is read or refused because a number is told twice; every number that is read is finite', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      'BTCUSDT',
      'Perp',
      '25x',
      'Long',
      '0.5 BTC',
      '59,800.0',
      '--',
      '(Cross)',
      '张',
      '\t',
      '\n',
      '--/--',
      '%',
      '$',
      'constructor',
      '__proto__',
      'BTC 25x',
    ),
    fc.string({ maxLength: 12 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      let rows: ReturnType<typeof readPositions> = [];
      try {
        rows = readPositions(pieces.join(' '));
      } catch (error) {
        expect(String(error)).toMatch(/^RangeError: parsePosition requires one .*, not two$/);
      }
      for (const row of rows) {
        const { entry, base, leverage, contracts, usd, stop, target } = row;
        for (const value of [entry, base, leverage, contracts, usd, stop, target])
          expect(value === undefined || Number.isFinite(value)).toBe(true);
      }
    }),
    { numRuns: 1000 },
  );
});

describe('headings that were copied along give the order, whatever it is', () => {
  const cells = {
    okx: {
      Size: '50 Cont',
      'Avg. open price': '59,800.0',
      'Mark price': '59,805.0',
      'Est. liq. price': '57,670.8',
      'Breakeven price': '59,860.0',
      'Floating PnL': '+2.50 USDT\t+0.21%',
      Margin: '1,196.10 USDT',
      'Maintenance margin ratio': '915.00%',
    },
    bitget: {
      'Position size': '0.5 BTC',
      'Avg. entry price': '59,800.0',
      'Breakeven price': '59,871.8',
      'Mark price': '59,805.0',
      'Est. liq. price': '57,670.8',
      'Position MMR': '9.62%',
      Margin: '1,196.10 USDT',
      'Unrealized PnL': '+2.50 USDT (+0.21%)',
    },
    binance: {
      Size: '0.500 BTC',
      'Entry Price': '59,800.0',
      'Break Even Price': '59,829.9',
      'Mark Price': '59,805.0',
      'Liq.Price': '57,670.8',
      'Margin Ratio': '1.06%',
      Margin: '1,196.00 USDT (Isolated)',
      'PNL(ROI %)': '+2.50 USDT (+0.21%)',
      'Est. Funding Fee': '-0.30 USDT',
    },
  };
  const heads = {
    okx: 'BTCUSDT Perp\tLong\tIsolated\t25.00x',
    bitget: 'BTCUSDT\tLong · Isolated · 25X',
    binance: 'BTCUSDT Perp\t25x',
  };

  test.each(['okx', 'bitget', 'binance'] as const)('%s', (venue) => {
    const names = Object.keys(cells[venue]) as (keyof (typeof cells)[typeof venue])[];
    fc.assert(
      fc.property(fc.shuffledSubarray(names, { minLength: names.length }), (order) => {
        const text = [
          ['Symbol', ...order].join('\t'),
          [heads[venue], ...order.map((name) => cells[venue][name])].join('\t'),
        ].join('\n');
        const [row, ...others] = readPositions(text);
        expect(others).toEqual([]);
        expect(row).toMatchObject({
          coin: 'BTC',
          venue,
          entry: 59_800,
          mark: 59_805,
          liquidation: 57_670.8,
          ...(venue === 'okx' ? { contracts: 50 } : { base: 0.5 }),
        });
      }),
    );
  });

  test('a price that there is none of does not push the others aside', () => {
    const [row] = readPositions(
      [
        'ETH',
        '10x',
        '2 ETH',
        '$4,684.20',
        '2,342.10',
        '2,330.00',
        '-$24.20 (-5.2%)',
        'N/A',
        '$468.42 (Cross)',
        '$0.00',
        '-- / --',
      ].join('\n'),
    );
    expect(row).toMatchObject({
      coin: 'ETH',
      venue: 'hyperliquid',
      entry: 2342.1,
      mark: 2330,
      base: 2,
      margin: 'cross',
    });
    expect(row).not.toHaveProperty('liquidation');
  });
});

describe('a typed line', () => {
  const whole = { coin: 'BTC', side: 'long', entry: 59_800, leverage: 25, base: 0.5, stop: 59_150.5 };

  test.each([
    'long BTC 59800 25x 0.5 stop 59150.5',
    'long BTC 59,800 25x 0.5 stop 59,150.5',
    'long BTC 59.800 25x 0,5 stop 59.150,5',
    'long BTC 59800 25x 0,5 stop 59150,5',
  ])('is read with the decimal sign that it was written with: %s', (line) => {
    expect(readPositions(line)).toMatchObject([whole]);
  });

  test('a list with commas between is none of decimals', () => {
    expect(readPositions('long BTC, 59800, 25x, 0.5')).toMatchObject([
      { coin: 'BTC', entry: 59_800, base: 0.5, leverage: 25 },
    ]);
  });
});

describe('what is copied besides plain tables', () => {
  const long = { coin: 'BTC', side: 'long', entry: 59_800, mark: 59_805 };

  test('spaces that do not break between words, and full-width letters, digits and signs', () => {
    const cells = ['0.500\u00a0BTC', '59,800.0', '59,829.9', '59,805.0', '57,647.1', '1.06%'];
    const margin = '1,495.13\u00a0USDT\u00a0(Cross)';
    expect(readPositions(['BTCUSDT\u00a0Perp\u00a020x', ...cells, margin].join('\t'))).toMatchObject([
      { ...long, base: 0.5, leverage: 20, margin: 'cross', liquidation: 57_647.1, venue: 'binance' },
    ]);
    expect(
      readPositions(
        'ＢＴＣＵＳＤＴ 永续 20x\t０．５ BTC\t５９，８００．０\t５９，８２９．９\t５９，８０５．０\t５７，６４７．１\t1.06％\t1,495.13 USDT（逐仓）\r\n',
      ),
    ).toMatchObject([{ ...long, base: 0.5, margin: 'isolated', liquidation: 57_647.1 }]);
  });

  test('no venue is taken for sure whose columns the cells do not fit into', () => {
    // Marks of OKX, cells of Binance: its break-even price is no mark price, its mark price no liquidation price.
    const cells = ['BTCUSDT Perp', 'Cross 20x', '-0.500 BTC', '59,800.0', '59,770.1', '59,805.0', '61,947.1'];
    expect(
      readPositions([...cells, '1.06%', '1,495.13 USDT', '-2.50 USDT', '-0.17%'].join('\n')),
    ).toMatchObject([
      { venue: 'binance', side: 'short', mark: 59_805, liquidation: 61_947.1, assumed: ['venue'] },
    ]);
  });

  test('where several venues’ columns fit, what they do not agree on is left out', () => {
    const [row] = readPositions(['SOLUSDT', '10x', '5', '150.2', '151.0', '138.1'].join('\t'));
    expect(row).toMatchObject({ coin: 'SOL', entry: 150.2, base: 5, leverage: 10 });
    expect(row!.assumed).toEqual(expect.arrayContaining(['venue', 'side']));
    for (const name of ['mark', 'liquidation']) expect(row).not.toHaveProperty(name);
  });

  test('rows of two venues in one text are each read by its own', () => {
    const binance = [
      'BTCUSDT Perp 20x',
      '0.500 BTC',
      '59,800.0',
      '59,829.9',
      '59,805.0',
      '57,647.1',
      '1.06%',
    ];
    const other = ['ETH', '20x', '2 ETH', '$4,660.00', '2,342.10', '2,330.00', '-$24.20 (-5.2%)', '2,250.1'];
    const text = `${[...binance, '1,495 USDT (Isolated)'].join('\t')}\n${[...other, '$234 (Cross)'].join('\n')}`;
    expect(readPositions(text)).toMatchObject([
      { coin: 'BTC', venue: 'binance', entry: 59_800, liquidation: 57_647.1 },
      { coin: 'ETH', venue: 'hyperliquid', entry: 2342.1, mark: 2330, liquidation: 2250.1 },
    ]);
  });

  test('sizes below a heading that says USDT are dollars, also without a unit of their own', () => {
    const head = [
      '合约',
      '数量(USDT)',
      '开仓价格',
      '盈亏平衡价',
      '标记价格',
      '强平价格',
      '保证金比率',
      '保证金',
    ];
    const cells = ['BTCUSDT 永续 20x', '-29,902.5', '59,800.0', '59,829.9', '59,805.0', '61,647.1', '1.06%'];
    const [row] = readPositions(`${head.join('\t')}\r\n${[...cells, '1,495.13 USDT (逐仓)'].join('\t')}\r\n`);
    expect(row).toMatchObject({ side: 'short', usd: 29_902.5, entry: 59_800, assumed: ['base'] });
    expect(row).not.toHaveProperty('base');
  });

  test('a size with what of it can be closed', () => {
    const cells = [
      'BTCUSDT',
      'Long · Crossed · 20X',
      '0.5 BTC / 0.5 BTC',
      '59,800.0',
      '59,871.8',
      '59,805.0',
    ];
    expect(readPositions([...cells, '57,696.0', '9.62%', '1,495 USDT'].join('\n'))).toMatchObject([
      { ...long, venue: 'bitget', base: 0.5, liquidation: 57_696, margin: 'cross' },
    ]);
  });

  test('a size that cannot be read is asked for: the price after it is not taken for it', () => {
    const [row] = readPositions('PEPEUSDT\nLong\nCross 10.00x\n1.5M\n0.01234\n0.0125\n--');
    expect(row).toMatchObject({ coin: 'PEPE', entry: 0.01234 });
    for (const size of ['base', 'usd', 'contracts']) expect(row).not.toHaveProperty(size);
  });

  test('leverage with a decimal comma', () => {
    expect(
      readPositions('BTC-USDT-SWAP\tShort\t10,00x\t50 Cont\t59.800,0\t59.805,0\t61.000,0'),
    ).toMatchObject([{ leverage: 10, entry: 59_800 }]);
  });

  test('a short that has no minus at a venue that has one is not said to be a long', () => {
    const [row] = readPositions(
      'BTCUSDT Perp 20x\t0.5 BTC\t59,800.0\t59,829.9\t59,805.0\t61,947.1\t1.06%\t1,495 USDT (Cross)',
    );
    expect(row).toMatchObject({ entry: 59_800, liquidation: 61_947.1 });
    expect(row!.side).toBeUndefined();
  });

  test.each([
    [
      'OKX',
      'BTCUSDT Perp\nLong\nIsolated\n25.00x\nSize (BTC)\n0.5\nMark price (USDT)\n59,805.0\nEntry price (USDT)\n59,800.0\nFloating PnL (USDT)\n+2.50\n+0.21%\nEst. liq. price (USDT)\n57,670.8\nMargin (USDT)\n1,196.10\nMMR\n915.00%\nClose\nETHUSDT Perp\nShort\nCross\n10.00x\nSize (ETH)\n2\nMark price (USDT)\n2,330\nEntry price (USDT)\n2,342.1\nEst. liq. price (USDT)\n--',
      [
        { ...long, venue: 'okx', base: 0.5, leverage: 25, liquidation: 57_670.8 },
        { coin: 'ETH', side: 'short', margin: 'cross', base: 2, entry: 2342.1, mark: 2330 },
      ],
    ],
    [
      'OKX, Chinese',
      'BTCUSDT 永续\n做空\n全仓\n10.00x\n持仓量 (张)\n50\n开仓均价\n59,800.0\n标记价格\n59,805.0\n预估强平价\n--',
      [{ venue: 'okx', side: 'short', margin: 'cross', contracts: 50, entry: 59_800, mark: 59_805 }],
    ],
    [
      'Binance, sizes in USDT',
      'BTCUSDT Perp Cross 20x\nUnrealized PNL (USDT)\n+2.50\nROI\n+0.17%\nSize (USDT)\n29,902.5\nMargin (USDT)\n1,495.13\nMargin Ratio\n1.06%\nEntry Price (USDT)\n59,800.0\nMark Price (USDT)\n59,805.0\nLiq. Price (USDT)\n57,647.1',
      [{ ...long, usd: 29_902.5, leverage: 20, liquidation: 57_647.1, assumed: ['venue', 'side', 'base'] }],
    ],
  ])('cards with a name over each figure: %s', (_, text, rows) => {
    expect(readPositions(text)).toMatchObject(rows);
    expect(readPositions(text)).toHaveLength(rows.length);
  });
});

describe('what people type besides', () => {
  const long = { coin: 'BTC', side: 'long', entry: 59_800, leverage: 25 };

  test.each([
    ['long BTC 59.8k 25x 0.5', { base: 0.5 }],
    ['long btc @ $59,800 25x size 0.5btc', { base: 0.5 }],
    ['long 0.5 BTC 59800 25x', { base: 0.5 }],
    ['long 0.5BTC at 59800 25x', { base: 0.5 }],
    ['long BTC 59800 25x .5', { base: 0.5 }],
    ['BTC long, entry: 59,800, size: 0.5 BTC, lev: 25x, SL: 59,150', { base: 0.5, stop: 59_150 }],
    ['long BTC 59800 25x 0.5 cross okx', { base: 0.5, margin: 'cross', venue: 'okx', assumed: [] }],
    ['我在59800做多BTC，25倍，0.5个，全仓，止损59150', { base: 0.5, margin: 'cross', stop: 59_150 }],
    ['long BTC@59’800 25x 0.5 SL@59150', { base: 0.5, stop: 59_150 }],
    ['long BTC ~59800 25x 0.5 stop at 59150', { base: 0.5, stop: 59_150 }],
    ['ロング BTC 59800 25倍 0.5', { base: 0.5 }],
    ['롱 BTC 59800 25배 0.5', { base: 0.5 }],
    ['лонг BTC 59800 25x 0.5', { base: 0.5 }],
    ['largo BTC 59800 25x 0.5', { base: 0.5 }],
    ['2026-01-02 10:00:00 BTCUSDT Buy 59,800.0 0.5 BTC 25x', { base: 0.5 }],
  ])('%s', (line, own) => {
    expect(readPositions(line)).toMatchObject([{ ...long, ...own }]);
  });

  const away = (stop?: object, target?: object) => ({
    away: { ...(stop && { stop }), ...(target && { target }) },
    base: 0.5,
  });
  test.each([
    ['long BTC 59800 25x 0.5 stop 2% tp 5%', away({ percent: 2 }, { percent: 5 })],
    ['long BTC 59800 25x 0.5 SL -2 % target +4%', away({ percent: 2, sign: '-' }, { percent: 4, sign: '+' })],
    ['long BTC 59800 25x 0.5 stop loss: 1.5% take profit: 5%', away({ percent: 1.5 }, { percent: 5 })],
    ['long BTC 59800 25x 0,5 stop 1,5%', away({ percent: 1.5 })],
    ['long BTC sl2% 59800 25x 0.5 tp 61800', { ...away({ percent: 2 }), target: 61_800 }],
    ['long BTC 59800 25x 0.5, 2% stop, 4% tp', away({ percent: 2 }, { percent: 4 })],
    ['long BTC 59800 25x 0.5 4% take profit', away(undefined, { percent: 4 })],
    ['long BTC 59800 25x 0.5 stop 2%/tp 5%', away({ percent: 2 }, { percent: 5 })],
    ['long BTC 59800 25x 0.5 tp/sl: 5% / 2%', away({ percent: 2 }, { percent: 5 })],
    ['long BTC 59800 25x 0.5 stop 2 percent', away({ percent: 2 })],
    ['largo BTC 59800 25x 0.5 stop 2 por ciento', away({ percent: 2 })],
    ['лонг BTC 59800 25x 0.5 стоп 2 процента', away({ percent: 2 })],
    ['long BTC 59800 25x 0.5 stop 2% tp', away({ percent: 2 })],
    ['在59800做多BTC，25倍，0.5个，止损2％，止盈 5%', away({ percent: 2 }, { percent: 5 })],
    ['ロングBTC 59800 25倍 0.5 損切り2% 利確5%', away({ percent: 2 }, { percent: 5 })],
    ['롱 BTC 진입 59800 25배 0.5 손절 2% 익절5%', away({ percent: 2 }, { percent: 5 })],
    ['лонг BTC вход 59800 плечо 25 0.5 стоп 2% тейк 5%', away({ percent: 2 }, { percent: 5 })],
    ['largo BTC entrada 59800 25x 0.5 stop 2% objetivo 5%', away({ percent: 2 }, { percent: 5 })],
  ])('stop and target as distances from the entry: %s', (line, own) => {
    expect(readPositions(line)).toMatchObject([{ ...long, ...own }]);
    expect(readPositions(line)[0]).not.toHaveProperty('stop');
  });

  test('a stop below zero is no size of a short', () => {
    expect(readPositions('long BTC 59800 25x 0.5 stop -2')).toMatchObject([{ ...long, base: 0.5, stop: -2 }]);
  });

  test('percentages of profit are no distances', () => {
    const [row] = readPositions('long BTC 59800 25x 0.5 pnl +12% stop 59150 (-1.1%) roe 30%');
    expect(row).toMatchObject({ ...long, base: 0.5, stop: 59_150 });
    expect(row).not.toHaveProperty('away');
  });

  test('a stop told as a price and as a distance is told twice', () => {
    expect(() => readPositions('long BTC 59800 25x 0.5 stop 2% stop 59150')).toThrow('one stop, not two');
    expect(() => readPositions('long BTC 59800 25x 0.5 stop 59150 sl 2%')).toThrow('one stop, not two');
  });

  test.each([
    ['long BTC 59800 25x $5000', ['base', 'venue', 'margin']],
    ['long BTC 59800 25x 5000 USDT', ['base', 'venue', 'margin']],
    ['long BTC 5000 USDT 59800 25x', ['entry', 'base', 'venue', 'margin']],
  ])('dollars are no coins: %s', (line, assumed) => {
    const [row] = readPositions(line);
    expect(row).toMatchObject({ ...long, usd: 5000, assumed });
    expect(row).not.toHaveProperty('base');
  });

  test.each([
    ['long BTC 5.98e4 25x 0.5', 'entry'],
    ['long BTC 59800-60000 25x 0.5', 'entry'],
    ['long BTC <59800 25x 0.5', 'entry'],
    ['long BTC 59800 25x margin 500', 'base'],
    ['long BTC 59800 25x 500 USDT margin', 'base'],
  ])('a number that cannot be read, or is something else, leaves a gap and is no other: %s', (line, gap) => {
    const [row] = readPositions(line);
    expect(row).not.toHaveProperty(gap);
    if (gap === 'entry') expect(row).toMatchObject({ base: 0.5 });
  });

  test('thousands of a coin, as one venue counts them', () => {
    expect(readPositions('short kPEPE 0.0123 10x 50000')).toMatchObject([{ coin: 'kPEPE', base: 50_000 }]);
  });

  test('more numbers than are asked for: which of them is meant is marked as assumed', () => {
    expect(readPositions('long BTC 12 34 56')).toMatchObject([
      { assumed: expect.arrayContaining(['entry', 'base']) },
    ]);
  });

  test.each(['long short BTC 59800 25x 0.5', 'long BTC 59800 25x -0.5'])(
    'two sides are refused: %s',
    (line) => {
      expect(() => readPositions(line)).toThrow('one side, not two');
    },
  );
});

describe('a paste without an end', () => {
  const line = 'long BTC 59800 25x 0.5';

  test.each([
    ['typed lines', `${line}\n`.repeat(20_000)],
    ['copied rows', 'BTCUSDT Perpetual\tLong\t20x\t0.5 BTC\t59,800.0\t60,000.0\n'.repeat(20_000)],
  ])('of %s is fifty rows at most', (_, text) => {
    const rows = readPositions(text);
    expect(rows.length).toBeGreaterThan(10);
    expect(rows.length).toBeLessThanOrEqual(50);
  });

  test('is not looked at beyond what a table can have', () => {
    expect(readPositions(`${' '.repeat(20_000)}${line}`)).toEqual([]);
    expect(readPositions(`${line}\n${'1'.repeat(5_000_000)}`)).toMatchObject([{ coin: 'BTC' }]);
  });
});
