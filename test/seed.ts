import * as fc from 'fast-check';

/** Every run draws the same random inputs, unless another seed is asked for: `FAST_CHECK_SEED=7 npm test`. */
fc.configureGlobal({ seed: Number(process.env.FAST_CHECK_SEED ?? 2026) });
