/** Slots of a new table, and the part of them that may be filled. */
const fewest = 16;
const fullest = 0.6;

/**
 * Ids that were seen, by 53 bits made of each: some 25 bytes an id, where texts take 250. Of 300,000 ids
 * two have the same bits once in 200,000 times; the second is then taken for one that was seen.
 */
export class SeenIds {
  /** The bits, 0 in empty slots, each in the first free one from where its bits point to. */
  private table = new Float64Array(fewest);
  private count = 0;
  /** Those that were seen before them, while both are within `most`. */
  private earlier = new Float64Array(0);
  private earlierCount = 0;

  /** Of more than `most` ids, up to half, those seen first, are forgotten. */
  constructor(private readonly most: number) {}

  /** How many are remembered. */
  get size(): number {
    return this.count + this.earlierCount;
  }

  /** True for an id that was not seen before, as far as is remembered. */
  add(id: string): boolean {
    const bits = bitsOf(id);
    if (this.earlierCount > 0 && this.earlier[slotOf(this.earlier, bits)] === bits) return false;
    const slot = slotOf(this.table, bits);
    if (this.table[slot] === bits) return false;
    this.table[slot] = bits;
    this.count += 1;
    if (this.count >= this.most / 2) this.begin();
    else if (this.count > fullest * this.table.length) this.grow();
    return true;
  }

  private begin(): void {
    this.earlier = this.table;
    this.earlierCount = this.count;
    this.table = new Float64Array(fewest);
    this.count = 0;
  }

  private grow(): void {
    const larger = new Float64Array(2 * this.table.length);
    for (const bits of this.table) if (bits !== 0) larger[slotOf(larger, bits)] = bits;
    this.table = larger;
  }
}

/** Where the bits are in a table, or would be. Its length is a power of two. */
function slotOf(table: Float64Array, bits: number): number {
  const mask = table.length - 1;
  let slot = (bits >>> 0) & mask;
  while (table[slot] !== 0 && table[slot] !== bits) slot = (slot + 1) & mask;
  return slot;
}

/**
 * A whole number from 1 to 2⁵³ − 1: two hashes of 32 bits, by multiplication as FNV-1a with primes of their own and a last
 * mixing as in MurmurHash3.
 */
function bitsOf(id: string): number {
  let low = 0x811c9dc5;
  let high = 0x9747b28c;
  for (let i = 0; i < id.length; i++) {
    const code = id.charCodeAt(i);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code, 0x85ebca6b);
  }
  low = mixed(low);
  high = mixed(high ^ low);
  return (high & 0x1fffff) * 2 ** 32 + low || 1;
}

function mixed(hash: number): number {
  let mixing = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixing = Math.imul(mixing ^ (mixing >>> 13), 0xc2b2ae35);
  return (mixing ^ (mixing >>> 16)) >>> 0;
}
