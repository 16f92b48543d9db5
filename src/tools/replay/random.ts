/**
 * A number in [0, 1) that depends on nothing but its arguments, so that everything derived from a recording is the
 * same in every run: FNV-1a over the arguments, then an avalanche step.
 *
 * @example seeded('BTC', 1726261200000, 3) // always the same number
 */
export function seeded(...parts: (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const part of parts) {
    if (typeof part === 'number') {
      hash = Math.imul(hash ^ (part | 0), 0x01000193);
      hash = Math.imul(hash ^ Math.floor(part / 0x1_0000_0000), 0x01000193);
    } else {
      for (let i = 0; i < part.length; i++) hash = Math.imul(hash ^ part.charCodeAt(i), 0x01000193);
    }
    hash = Math.imul(hash ^ 0x9e3779b9, 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 0x1_0000_0000;
}

/** A number that stands for a name in later calls: hashing it costs less than hashing the name again. */
export function seedOf(...parts: (string | number)[]): number {
  return Math.floor(seeded(...parts) * 0x1_0000_0000);
}

/** A positive amount with mean 1, mostly small, now and then large: exponential. */
export function seededSize(...parts: (string | number)[]): number {
  return -Math.log(1 - seeded(...parts));
}
