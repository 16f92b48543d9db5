import { describe, expect, it } from 'vitest';
import { type AxisMessage, readAxisMessage } from '../../../src/content/axis/axis-message';
import { type ColumnOptions, findPriceColumn } from '../../../src/content/axis/price-axis';

/** A column of labels 40 px apart, from the top, right-aligned at x. */
const column = (texts: string[], x = 60) =>
  texts.map((text, i) => ({
    text,
    x,
    y: 30 + 40 * i,
    anchor: 30 + 40 * i,
    align: 2,
    width: 40,
    height: 10,
    style: 0,
    boxed: false,
  }));

const message = (...columns: AxisMessage['labels'][]): AxisMessage => ({
  width: 800,
  height: 300,
  labels: columns.flat(),
  clips: [],
  lines: [],
  batch: 1,
});

const read = (said: AxisMessage, reference: number | undefined, more: Partial<ColumnOptions> = {}) =>
  findPriceColumn(said, {
    kx: 1,
    ky: 1,
    reference,
    previous: undefined,
    trusted: undefined,
    ruler: 'centre',
    ...more,
  });

describe('which column of numbers is the price axis', () => {
  const prices = column(['2.6000', '2.5000', '2.4000', '2.3000', '2.2000']);

  it('is the one whose labels lie on a line around the last price', () => {
    expect(read(message(prices), 2.45)).toMatchObject({ low: 2.2, high: 2.6, fit: { scale: 'linear' } });
  });

  it('may have forty labels', () => {
    const many = Array.from({ length: 40 }, (_, i) => (65_000 - 25 * i).toFixed(1));
    const said = { ...message(column(many)), height: 1700 };
    expect(read(said, 64_200)).toMatchObject({ low: 64_025, high: 65_000, labels: { length: 40 } });
  });

  it('is not one that runs through zero, as rates, changes and volumes do', () => {
    expect(read(message(column(['0.04', '0.02', '0.00', '-0.02'])), 0.02)).toBe('implausible');
    expect(read(message(column(['5000', '2500', '0'])), 2600)).toBe('implausible');
  });

  it('is not one whose labels are adrift, which yet gainsay another one that is far from them', () => {
    const adrift = prices.map((label) => ({ ...label, adrift: true }));
    expect(read(message(adrift), 2.45)).toBe('coarse');
    const beside = (dy: number) =>
      column(['2.6000', '2.5000', '2.4000', '2.3000', '2.2000'], 200).map((label) => ({
        ...label,
        y: label.y + dy,
      }));
    expect(read(message(adrift, beside(7)), 2.45)).toMatchObject({ low: 2.2 });
    expect(read(message(adrift, beside(20)), 2.45)).toBe('implausible');
  });

  it('is not one in another currency', () => {
    expect(read(message(column(['€2.6000', '€2.5000', '€2.4000', '€2.3000'])), 2.45)).toBe('converted');
    expect(
      read(message(column(['$2.6000', '$2.5000', '$2.4000', '$2.3000', '$2.2000'])), 2.45),
    ).toMatchObject({
      low: 2.2,
    });
  });

  it('is not one of percentages, though tags of prices stand among them', () => {
    const percentages = column(['6.00%', '4.00%', '2.00%', '0.00%']);
    const tags = column(['2.6100', '2.5600', '2.5100', '2.4600', '2.4100', '2.3600']).map((tag) => ({
      ...tag,
      y: tag.y + 15,
      style: 1,
      boxed: true,
    }));
    expect(read(message([...percentages, ...tags]), 2.45)).toBe('percent');
  });

  it('has tags beside the ticks, told by their look, or where they are painted after them and between them', () => {
    const tag = (look: object) => ({ ...column(['2.4370'])[0]!, y: 95.2, anchor: 95.2, ...look });
    for (const look of [{ style: 1 }, { boxed: true }, {}]) {
      expect(read(message([...prices, tag(look)]), 2.437)).toMatchObject({ tags: [2.437] });
    }
    expect(read(message(prices), 2.437)).toMatchObject({ tags: [] });
  });

  it('has no boxes that tell of tags where the library draws one for each text, as CanvasJS does', () => {
    const said = readAxisMessage(
      '[991,415,["12:00",65.23,401.64,402.5,38,10,1,3,"18:00",157.23,401.64,402.5,38,10,1,3,"00:00",249.23,401.64,402.5,38,10,1,3,"56600.0",932,30.57,31.43,54,10,1,3,"56700.0",932,68.31,69.16,54,10,1,3,"56800.0",932,106.04,106.9,54,10,1,3,"56900.0",932,143.77,144.63,54,10,1,3,"57000.0",932,181.51,182.37,54,10,1,3,"57100.0",932,219.24,220.1,54,10,1,3,"57200.0",932,256.98,257.84,54,10,1,3,"57300.0",932,294.71,295.57,54,10,1,3,"57400.0",932,332.44,333.3,54,10,1,3,"57500.0",932,370.18,371.04,54,10,1,3],[[2,384,987,411],[2,10,920,374]],[],3]',
    )!;
    expect(read(said, 57_100)).toMatchObject({ low: 56_600, high: 57_500, certain: true });
    const tags = { ...said, labels: said.labels.slice(3) };
    expect(read(tags, 57_100)).toBe('tags');
  });

  it('has no tags among the labels of a volume below its plot, nor among numbers far from its prices', () => {
    const label = (text: string, y: number, style: number) => ({
      text,
      x: style === 0 ? 106.5 : 107.15,
      y,
      anchor: y,
      align: 2,
      width: 60,
      height: style === 0 ? 13.02 : 10.23,
      style,
      boxed: false,
    });
    // An SVG by d3, whose prices are in Thai digits and therefore another height.
    const ticks = [
      ['๖๓,๒๐๐.๐', 421.05],
      ['๖๓,๔๐๐.๐', 369.39],
      ['๖๓,๖๐๐.๐', 317.73],
      ['๖๓,๘๐๐.๐', 266.07],
      ['๖๔,๐๐๐.๐', 214.41],
      ['๖๔,๒๐๐.๐', 162.75],
    ].map(([text, y]) => label(text as string, y as number, 0));
    const volume = (...texts: string[]) => texts.map((text, i) => label(text, 555.3 - 43 * i, 1));
    const clips: AxisMessage['clips'] = [[120, 18, 603, 402.75]];
    const said = (below: string[], plot = clips) => ({
      ...message(ticks, volume(...below)),
      width: 738,
      height: 600,
      clips: plot,
    });
    for (const below of [said(['50,000', '60,000', '70,000']), said(['0', '2,000', '4,000'], [])])
      expect(read(below, 63_800)).toMatchObject({ low: 63_200, high: 64_200, tags: [] });
  });

  it('refused as an index, tells the tag between its ticks, and no label of the pane’s ends', () => {
    const ticks = ['230.00', '225.00', '220.00', '215.00', '210.00', '205.00', '200.00'];
    const tag = { ...column(['213.70'])[0]!, y: 160.4, anchor: 160.4, style: 1 };
    const ends = column(['231.10', ...ticks, '199.20']).map((label, i) => {
      const y = i === 0 ? 21.2 : i === 8 ? 276.4 : 30 + 40 * (i - 1);
      return { ...label, y, anchor: y };
    });
    for (const [labels, heard] of [
      [[...column(ticks), tag], [[213.7]]],
      [[...ends, tag], [[213.7]]],
      [ends, []],
    ] as const) {
      const tags: (readonly number[])[] = [];
      read(message([...labels]), 140, { gainsaid: (list) => tags.push(list) });
      expect(tags).toEqual(heard);
    }
  });

  it('is not taken for an index for the ends of the pane, printed as ticks are', () => {
    const at = (text: string) => {
      const y = 30 + 8 * (145 - Number(text));
      return { ...column([text])[0]!, y, anchor: y };
    };
    const ticks = column(['145.00', '140.00', '135.00', '130.00']);
    const [above, below] = [at('147.09'), at('125.37')];
    expect(read(message([above, ...ticks, below]), 136)).toMatchObject({ low: 125.37, high: 147.09 });
    // One of them alone, or both in boxes, may be tags: of the last trade none is.
    const boxed = [above, below].map((end) => ({ ...end, boxed: true }));
    for (const tags of [[above], [below], boxed])
      expect(read(message([...ticks, ...tags]), 136)).toBe('indexed');
  });

  it('may be an index, though one of many tags is near the last price by chance', () => {
    const ticks = column(['102.00', '101.00', '100.00', '99.00', '98.00']);
    const tag = (text: string, y: number) => ({ ...column([text])[0]!, y, anchor: y, style: 1, boxed: true });
    expect(read(message([...ticks, tag('98.84', 156.4)]), 98.5)).toMatchObject({ low: 98 });
    const grid = ['101.63', '101.27', '100.91', '100.55', '100.19', '99.83', '99.47', '98.84', '98.15'];
    const tags = grid.map((text) => tag(text, 30 + 40 * (102 - Number(text))));
    expect(read(message([...ticks, ...tags]), 98.5)).toBe('indexed');
  });

  it('is not a volume in thousands read as decimals', () => {
    expect(read(message(column(['2,000', '1,500', '1,000', '500'])), 1.4)).toBe('implausible');
  });

  it('may print thousands with a point', () => {
    expect(read(message(column(['64.000', '63.500', '63.000', '62.500'])), 63_200)).toMatchObject({
      low: 62_500,
      high: 64_000,
    });
  });

  it('is not a ratio somewhat below the last price, unless it was a price axis before', () => {
    const ratios = message(column(['1.3000', '1.2000', '1.1000', '1.0000']));
    expect(read(ratios, 2.45)).toBe('implausible');
    expect(read(ratios, 2.45, { trusted: { left: 20, right: 60 } })).toMatchObject({ low: 1, high: 1.3 });
  });

  it('is none where two columns put the last price in two places', () => {
    const other = column(['2.8000', '2.6000', '2.4000', '2.2000', '2.0000'], 790);
    expect(read(message(prices, other), 2.45)).toBe('implausible');
  });

  it('is not a comparison far from the last price, where another column was the price axis before', () => {
    const ratios = column(['1.3000', '1.2000', '1.1000', '1.0000'], 790);
    expect(read(message(ratios), 2.45, { trusted: { left: 20, right: 60 } })).toBe('implausible');
    expect(read(message(prices, ratios), 2.45, { trusted: { left: 20, right: 60 } })).toMatchObject({
      low: 2.2,
    });
  });

  it('is none where two numbers of another scale of prices gainsay it, even if they make no axis by themselves', () => {
    const pair = (first: string, second: string) =>
      column([first, '', second], 790).filter(({ text }) => text);
    expect(read(message(prices, pair('3.1000', '3.0000')), 2.45)).toBe('implausible');
    // Tags on the axis's own prices, one of them moved aside a little, and numbers of another kind do not.
    expect(read(message(prices, pair('2.5900', '2.4000')), 2.45)).toMatchObject({ low: 2.2 });
    expect(read(message(prices, pair('800', '400')), 2.45)).toMatchObject({ low: 2.2 });
  });

  it('is none where a column whose ticks cannot be told from its tags gainsays it, but for tags of orders beside it', () => {
    const texts = ['3.1000', '3.0630', '3.0170', '2.9000', '2.8410', '2.8180'];
    const muddle = (look: object) => column(texts, 790).map((label) => ({ ...label, ...look }));
    expect(read(message(muddle({})), 2.45)).toBe('none');
    expect(read(message(prices, muddle({})), 2.45)).toBe('implausible');
    expect(read(message(prices, muddle({ style: 1 })), 2.45)).toMatchObject({ low: 2.2 });
    expect(read(message(prices, muddle({ boxed: true })), 2.45)).toMatchObject({ low: 2.2 });
  });

  it('is none where two columns of prices disagree and only one of them shows the last price', () => {
    const other = column(['3.3000', '3.2000', '3.1000', '3.0000', '2.9000'], 790);
    expect(read(message(prices, other), 2.45)).toBe('implausible');
    expect(read(message(prices, column(['2.6000', '2.5000', '2.4000', '2.3000'], 790)), 2.45)).toMatchObject({
      low: 2.2,
      high: 2.6,
    });
  });

  it('is none where old prices and their comparison disagree, both far from the last price', () => {
    const other = column(['2.7000', '2.6000', '2.5000', '2.4000', '2.3000'], 790);
    expect(read(message(prices, other), 6, { trusted: { left: 20, right: 60 } })).toBe('implausible');
    expect(read(message(prices), 6, { trusted: { left: 20, right: 60 } })).toMatchObject({
      low: 2.2,
      high: 2.6,
    });
  });

  it('stays the price where the other column is nowhere near it', () => {
    const other = column(['90.0', '80.0', '70.0', '60.0'], 790);
    expect(read(message(prices, other), 2.45)).toMatchObject({ low: 2.2, high: 2.6 });
  });

  it('may stand on both sides of the plot', () => {
    const same = column(['2.6000', '2.5000', '2.4000', '2.3000', '2.2000'], 790);
    expect(read(message(prices, same), 2.45)).toMatchObject({ low: 2.2, high: 2.6 });
  });
});
