import { describe, expect, it } from 'vitest';
import { classesOf, sharedNames, sourceFiles } from '../src/tools/house';

/** One a venue, a site, a page of our own, a benchmark; and the same thing as type and as what reads it, or in two contexts. */
const oneEach = ['binance', 'bybit', 'okx', 'bitget', 'hyperliquid', 'examples', 'App', 'textOf'];
const oneMeaning = ['VenueId', 'WindowId', 'amount', 'tooltip'];

const ships = sourceFiles('src').filter((file) => !file.startsWith('src/tools/'));

describe('the house', () => {
  it('has no class with more than twenty fields', () => {
    const classes = ships.flatMap(classesOf);
    expect(classes.length).toBeGreaterThan(10);
    expect(classes.filter(({ fields }) => fields > 20)).toEqual([]);
  }, 60_000);

  it('gives no word that files export a second meaning', () => {
    const shared = sharedNames(sourceFiles('src'));
    expect([...shared.keys()]).toContain('okx');
    for (const name of [...oneEach, ...oneMeaning]) shared.delete(name);
    expect(Object.fromEntries(shared)).toEqual({});
  }, 60_000);
});
