import { describe, expect, it } from 'vitest';
import { classesOf, sourceFiles } from '../src/tools/house';

const ships = sourceFiles('src').filter((file) => !file.startsWith('src/tools/'));

describe('the house', () => {
  it('has no class with more than twenty fields', () => {
    const classes = ships.flatMap(classesOf);
    expect(classes.length).toBeGreaterThan(10);
    expect(classes.filter(({ fields }) => fields > 20)).toEqual([]);
  }, 60_000);
});
