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
