import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { GoldPairs } from '../../src/evaluation/gold-pairs.js';
import { PairCache, type CacheKey } from '../../src/evaluation/pair-cache.js';
import type { ExtractedPairs } from '../../src/evaluation/pair-table.js';
import { schema } from '../inference/real-models.js';
import { temporaryFolder } from '../memory/temporary.js';

const PAIRS: GoldPairs = {
  count: 2,
  document: Int32Array.of(0, 70_000),
  mentions: Int32Array.of(0, 1, 3, 2),
  // Values that float16 holds.
  representations: Float32Array.of(0.5, -1.25, 1024, 0),
  representationSize: 2,
  classifier: Float32Array.of(0.1, 0.9, 0.3, 0.7),
  encoderLabels: 2,
};
const EXTRACTED: ExtractedPairs = {
  document: Int32Array.of(0, 1),
  spans: Int32Array.of(0, 3, 5, 9, 2, 4, 100_000, 100_002),
  gate: Uint16Array.of(0, 1),
  gateTypes: [
    ['PER', 'LOC'],
    ['LOC', 'LOC'],
  ],
  representations: Float32Array.of(0.5, -1.25, 1024, 0),
  representationSize: 2,
  classifier: Float32Array.of(0.25, 0.75, 0.5, 0.5),
  encoderLabels: ['NIL', 'P19'],
};

interface Workplace {
  readonly folder: string;
  readonly cache: PairCache;
  readonly key: CacheKey;
  /** How often the encoder was asked. */
  asked: number;
  gold(key?: Partial<CacheKey>): Promise<GoldPairs>;
}

async function workplace(): Promise<Workplace> {
  const folder = await temporaryFolder();
  const data = join(folder, 'data.json');
  await writeFile(data, 'as it was');
  const cache = new PairCache(join(folder, 'cache'));
  const key = { models: ['a'.repeat(64)], files: [data], options: { mentions: 'gold' } };
  const place: Workplace = {
    ...{ folder, cache, key, asked: 0 },
    gold: (changes = {}) =>
      cache.gold({ ...key, ...changes }, () => {
        place.asked++;
        return Promise.resolve(PAIRS);
      }),
  };
  return place;
}

it('gives what was encoded before, number by number, and asks no encoder again', async () => {
  const place = await workplace();
  expect(await place.gold()).toEqual(PAIRS);
  expect(await place.gold()).toEqual(PAIRS);
  expect(place.asked).toBe(1);
});

it('gives extracted pairs as the same table, gated by the schema', async () => {
  const { cache, key } = await workplace();
  let asked = 0;
  const table = () =>
    cache.extracted(key, schema, () => {
      asked++;
      return Promise.resolve(EXTRACTED);
    });
  const first = await table();
  expect(await table()).toEqual(first);
  expect(asked).toBe(1);
  const [persons, places] = first.gates.map((gate) => [...gate].map((label) => first.labels[label]));
  expect(persons).toContain('P19');
  expect(places).not.toContain('P19');
});

it.each<[string, (place: Workplace) => Promise<Partial<CacheKey>>]>([
  ['another model', () => Promise.resolve({ models: ['b'.repeat(64)] })],
  ['other options', () => Promise.resolve({ options: { mentions: 'detected' } })],
  [
    'a file with other bytes',
    async ({ key }) => {
      await writeFile(key.files[0]!, 'as it is now');
      return {};
    },
  ],
])('%s asks the encoder again', async (_, change) => {
  const place = await workplace();
  await place.gold();
  await place.gold(await change(place));
  expect(place.asked).toBe(2);
});

it('the same file under another name is the same data', async () => {
  const place = await workplace();
  await place.gold();
  const copy = join(place.folder, 'copy.json');
  await writeFile(copy, 'as it was');
  await place.gold({ files: [copy] });
  expect(place.asked).toBe(1);
});

it('a file that was cut or overwritten is made again', async () => {
  const place = await workplace();
  await place.gold();
  const [name = ''] = await readdir(join(place.folder, 'cache'));
  const path = join(place.folder, 'cache', name);
  const whole = await readFile(path);
  await truncate(path, whole.length - 1);
  expect(await place.gold()).toEqual(PAIRS);
  expect(await readFile(path)).toEqual(whole);
  await writeFile(path, 'nonsense\n');
  expect(await place.gold()).toEqual(PAIRS);
  expect(place.asked).toBe(3);
});

it('keeps nothing of an encoding that failed', async () => {
  const { cache, key, folder } = await workplace();
  const failing = cache.gold(key, () => Promise.reject(new Error('out of memory')));
  await expect(failing).rejects.toThrow('out of memory');
  expect(await readdir(join(folder, 'cache')).catch(() => [])).toEqual([]);
});
