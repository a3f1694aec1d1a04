import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeFloat16 } from '../dist/domain/float16.js';
import { ExactSearch } from '../dist/memory/exact-search.js';
import { fastest } from './lib/measure.js';

/*
 * Exact search against a plain loop over all keys: 45,330 random keys of 768, 64 queries, k = 32.
 *   npm run build && node bench/search.js
 */
const ENTRIES = 45_330;
const DIMENSION = 768;
const QUERIES = 64;
const K = 32;
const RUNS = 7;

const directory = await mkdtemp(join(tmpdir(), 'neighborkb-bench-'));
try {
  const keys = gaussians(ENTRIES * DIMENSION, 1);
  const queries = gaussians(QUERIES * DIMENSION, 2);
  const bytes = encodeFloat16(keys);
  const keysPath = join(directory, 'keys.bin');
  await writeFile(keysPath, bytes);

  const opened = performance.now();
  const search = await ExactSearch.open({
    memory: 'bench',
    keysPath,
    keyType: 'float16',
    dimension: DIMENSION,
    entries: ENTRIES,
    normalised: false,
  });
  console.log(`open ${(performance.now() - opened).toFixed(0)} ms`);
  const graph = await fastest(() => search.search(queries, QUERIES, K), RUNS);
  const single = await fastest(() => search.search(queries.subarray(0, DIMENSION), 1, K), RUNS);
  await search.close();
  const loop = await fastest(() => Promise.resolve(plainLoop(keys, queries)), 1);
  console.log(`graph, ${QUERIES} queries: ${graph.toFixed(1)} ms; one query: ${single.toFixed(1)} ms`);
  console.log(`plain loop, ${QUERIES} queries: ${loop.toFixed(0)} ms; ratio ${(loop / graph).toFixed(1)}`);
} finally {
  await rm(directory, { recursive: true });
}

/** What a careful reader would write first: every distance, and the k best so far kept in order. */
function plainLoop(keys, queries) {
  return Array.from({ length: QUERIES }, (_, query) => {
    const best = [];
    const own = queries.subarray(query * DIMENSION, (query + 1) * DIMENSION);
    for (let entry = 0; entry < ENTRIES; entry++) {
      const distance = squaredDistanceTo(own, keys, entry * DIMENSION);
      if (best.length === K && distance >= best[K - 1].distance) continue;
      const place = best.findIndex((other) => other.distance > distance);
      best.splice(place < 0 ? best.length : place, 0, { entry, distance });
      best.length = Math.min(best.length, K);
    }
    return best;
  });
}

function squaredDistanceTo(query, keys, offset) {
  let total = 0;
  for (let i = 0; i < DIMENSION; i++) {
    const difference = query[i] - keys[offset + i];
    total += difference * difference;
  }
  return total;
}

/** Standard normal numbers, the same for the same seed (Box-Muller over a linear congruential generator). */
function gaussians(count, seed) {
  let state = seed;
  const uniform = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 1) / 2 ** 32;
  };
  return Float32Array.from(
    { length: count },
    () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()),
  );
}
