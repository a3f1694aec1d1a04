import fc from 'fast-check';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ExactSearch } from '../../src/memory/exact-search.js';
import { decodeKeys, encodeKeys } from '../../src/memory/key-codec.js';
import { normaliseRows, squaredDistance } from '../../src/memory/vectors.js';
import { searchOver } from './builders.js';
import { temporaryFolder } from './temporary.js';

const DIMENSION = 6;

/** Few distinct values, so that equal distances and equal keys are common. */
const component = fc.oneof(fc.constantFrom(0, 1, -1, 1000), fc.float({ min: -10, max: 10, noNaN: true }));
const vector = fc.array(component, { minLength: DIMENSION, maxLength: DIMENSION });

// Every case starts a thread of its own.
test.each([
  { keyType: 'float32', compact: false },
  { keyType: 'int8', compact: true },
] as const)(
  'over keys of $keyType finds what a full sort finds, ties in the order of entries, for any keys and queries',
  { timeout: 120_000 },
  async (kept) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(vector, { minLength: 1, maxLength: 90 }),
        fc.array(vector, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 100 }),
        fc.boolean(),
        async (keys, queries, k, normalised) => {
          const values = Float32Array.from(keys.flat());
          const search = await searchOver(values, DIMENSION, { normalised, ...kept });
          const hits = await search.search(Float32Array.from(queries.flat()), queries.length, k);
          await search.close();
          const stored = decodeKeys(encodeKeys(values, DIMENSION, kept.keyType), DIMENSION, kept.keyType);
          const expected = fullSort(rowsOf(stored), queries, k, normalised);
          expect([...hits.indices]).toEqual(expected.indices);
          expect([...hits.squaredDistances]).toEqual(expected.squaredDistances);
        },
      ),
      { numRuns: 12 },
    );
  },
);

test('a query next to far-away keys finds the nearest although float32 scores cannot tell them apart', async () => {
  const keys = Array.from({ length: 400 }, (_, i) => [
    4096 + ((i * 37) % 400) * 2 ** -10,
    4096,
    4096,
    4096,
    4096,
    4096,
  ]);
  const search = await searchOver(Float32Array.from(keys.flat()), DIMENSION);
  const query = keys[123]!;
  const hits = await search.search(Float32Array.from(query), 1, 3);
  const expected = fullSort(keys, [query], 3, false);
  expect([...hits.indices]).toEqual(expected.indices);
  expect(hits.squaredDistances[0]).toBe(0);
});

test('a query has the same neighbours alone and among a thousand others', async () => {
  const keys = noise(500 * 32, 1);
  const queries = noise(1000 * 32, 2);
  const search = await searchOver(keys, 32, { normalised: true });
  const together = await search.search(queries, 1000, 8);
  for (const query of [0, 63, 64, 999]) {
    const alone = await search.search(queries.subarray(query * 32, (query + 1) * 32), 1, 8);
    expect(alone.indices).toEqual(together.indices.slice(query * 8, (query + 1) * 8));
    expect(alone.squaredDistances).toEqual(together.squaredDistances.slice(query * 8, (query + 1) * 8));
  }
});

test('keys of bytes, kept as they are, give what their float32 values give', async () => {
  const [keys, queries] = [noise(3000 * 96, 5), noise(70 * 96, 6)];
  for (const normalised of [false, true]) {
    const [compact, wide] = await Promise.all(
      [true, false].map((compact) => searchOver(keys, 96, { normalised, keyType: 'int8', compact })),
    );
    const [found, expected] = await Promise.all(
      [compact, wide].map((search) => search!.search(queries, 70, 32)),
    );
    expect(found).toEqual(expected);
  }
});

test('k above the size of the memory finds every entry once', async () => {
  const search = await searchOver(noise(5 * 4, 3), 4);
  const hits = await search.search(noise(4, 4), 1, 1024);
  expect(hits.k).toBe(5);
  expect([...hits.indices].sort()).toEqual([0, 1, 2, 3, 4]);
});

test('a vector of zeros stays one under normalisation, as key and as query', async () => {
  const search = await searchOver(Float32Array.from([0, 0, 3, 4]), 2, { normalised: true });
  const hits = await search.search(Float32Array.from([0, 0]), 1, 2);
  expect([...hits.indices]).toEqual([0, 1]);
  expect(hits.squaredDistances[0]).toBe(0);
  expect(hits.squaredDistances[1]).toBeCloseTo(1, 6);
});

test('the queries of the caller are left as they are', async () => {
  const search = await searchOver(Float32Array.from([1, 0, 0, 1]), 2, { normalised: true });
  const query = Float32Array.from([3, 4]);
  await search.search(query, 1, 1);
  expect([...query]).toEqual([3, 4]);
});

test('no queries have no neighbours', async () => {
  const search = await searchOver(Float32Array.from([1, 0, 0, 1]), 2);
  expect(await search.search(new Float32Array(0), 0, 3)).toMatchObject({ k: 2, indices: new Int32Array(0) });
});

test.each([
  ['of another size', [1, 2, 3], 1, ['queries']],
  ['with a component that is not a number', [1, NaN], 1, ['queries', 0]],
  ['with an infinite component', [1, 2, 3, Infinity], 2, ['queries', 1]],
])('queries %s are refused', async (_, values, count, path) => {
  const search = await searchOver(Float32Array.from([1, 0, 0, 1]), 2);
  await expect(search.search(Float32Array.from(values), count, 1)).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    path,
  });
});

test.each([0, -1, 1.5, NaN])('k = %d is refused', async (k) => {
  const search = await searchOver(Float32Array.from([1, 0]), 2);
  await expect(search.search(Float32Array.from([1, 0]), 1, k)).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    path: ['k'],
  });
});

test.each([
  ['not a number', Float32Array.from([1, 2, NaN, 4]), 'float32', /entry 1 .* not finite/],
  ['too few', Float32Array.from([1, 2]), 'float32', /expected 2 x 2/],
  ['not a number, as bytes', Float32Array.from([1, 2, NaN, 4]), 'int8', /entry 1 .* not finite/],
  ['too few, as bytes', Float32Array.from([1, 2]), 'int8', /2 x 2 are 12/],
] as const)('a memory whose keys are %s is not opened', async (_, keys, keyType, message) => {
  const keysPath = join(await temporaryFolder(), 'keys.bin');
  await writeFile(keysPath, encodeKeys(keys, 2, keyType));
  const opening = ExactSearch.open({
    memory: 'bad',
    keysPath,
    keyType,
    dimension: 2,
    entries: 2,
    normalised: false,
    compact: keyType === 'int8',
  });
  await expect(opening).rejects.toMatchObject({ code: 'MEMORY_CORRUPT', path: ['keys.bin'] });
  await expect(opening).rejects.toThrow(message);
});

function rowsOf(values: Float32Array): number[][] {
  return Array.from({ length: values.length / DIMENSION }, (_, row) => [
    ...values.subarray(row * DIMENSION, (row + 1) * DIMENSION),
  ]);
}

function fullSort(keys: number[][], queries: number[][], k: number, normalised: boolean) {
  const a = { values: Float32Array.from(queries.flat()), dimension: DIMENSION };
  const b = { values: Float32Array.from(keys.flat()), dimension: DIMENSION };
  if (normalised) for (const vectors of [a, b]) normaliseRows(vectors);
  const nearest = queries.map((_, query) =>
    keys
      .map((_, entry) => ({ entry, distance: squaredDistance(a, query, b, entry) }))
      .sort((x, y) => x.distance - y.distance || x.entry - y.entry)
      .slice(0, k),
  );
  return {
    indices: nearest.flat().map(({ entry }) => entry),
    squaredDistances: nearest.flat().map(({ distance }) => Math.fround(distance)),
  };
}

/** Numbers in -1..1, the same for the same seed. */
function noise(count: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}
