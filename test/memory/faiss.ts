import { loadFaiss } from '../../src/memory/faiss/library.js';

/** Whether faiss-node is there. CI builds it and says so: there its absence is a failure, not a reason to skip. */
export function faissIsInstalled(): boolean {
  try {
    loadFaiss(2);
    return true;
  } catch (error) {
    if (process.env['NEIGHBORKB_TEST_FAISS'] === 'required') throw error;
    console.warn(`${(error as Error).message}: tests of indexes are skipped (docs/large-memories.md)`);
    return false;
  }
}

/** Keys in clusters, as examples of relations lie: the same for the same seed, the same clusters for every seed. */
export function clusteredKeys(entries: number, dimension: number, seed: number): Float32Array {
  const ofCentres = gaussians(1);
  const gaussian = gaussians(seed);
  const centres = Float32Array.from({ length: 20 * dimension }, () => 3 * ofCentres());
  const keys = new Float32Array(entries * dimension);
  for (let entry = 0; entry < entries; entry++)
    for (let i = 0; i < dimension; i++)
      keys[entry * dimension + i] = centres[(entry % 20) * dimension + i]! + gaussian();
  return keys;
}

/** Standard normal numbers (Box-Muller over a linear congruential generator). */
function gaussians(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 1) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
