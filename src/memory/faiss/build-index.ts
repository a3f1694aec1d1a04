import { setProbes } from './index-file.js';
import { IndexSearch } from './index-search.js';
import { KeyRows } from './key-rows.js';
import { loadFaiss } from './library.js';
import type { BuildRequest, IndexFacts, IndexKind, KeySource } from './messages.js';
import { nearestOfAll, type Nearest } from './nearest.js';

/** Rows that go to the library at once: 32 MB of JavaScript numbers at 768 components. */
const ROWS_AT_ONCE = 4096;
/** Vectors a list that the k-means of the lists sees; FAISS warns below 39. */
const TRAINING_ROWS_PER_LIST = 48;
/** Most rows to train on: arrays of numbers must stay well below V8's limit of 2^27 elements. */
const MOST_TRAINING_VALUES = 48_000_000;
/** Entries whose neighbours are searched to measure the recall. */
const MEASURED_ENTRIES = 64;
/** Neighbours of each. */
const MEASURED_NEIGHBOURS = 32;

/** What the factory of FAISS calls each kind, and how many candidates make up for what its codes lose. */
const KINDS: Readonly<
  Record<IndexKind, { readonly codes: (dimension: number) => string; readonly candidates: number }>
> = {
  'ivf-flat': { codes: () => 'Flat', candidates: 1 },
  'ivf-sq8': { codes: () => 'SQ8', candidates: 2 },
  // np: no polysemous training, which takes minutes and serves another kind of search.
  'ivf-pq': { codes: (dimension) => `PQ${subspaces(dimension)}x8np`, candidates: 16 },
};

/** About eight components a byte; the number of subspaces must divide the dimension. */
function subspaces(dimension: number): number {
  let count = Math.max(1, Math.floor(dimension / 8));
  while (dimension % count !== 0) count--;
  return count;
}

/** Lists for so many entries: about the square root, as FAISS advises below a million. */
export function listsFor(entries: number): number {
  return Math.max(1, Math.round(Math.sqrt(entries)));
}

/**
 * Builds an index file of a package's keys, and sets the fewest probes (a power of two) with which it finds the
 * recall that is asked for, measured on entries of the memory against a search of all keys.
 * @throws Error where the kind cannot reach the recall however many lists it probes
 */
export async function buildIndex(
  { keys, indexPath, kind, lists = listsFor(keys.entries), recall, threads }: BuildRequest,
  onProgress: (done: number, total: number) => void,
): Promise<IndexFacts> {
  const faiss = loadFaiss(threads);
  const rows = new KeyRows(keys);
  try {
    const { codes, candidates } = KINDS[kind];
    const index = faiss.Index.fromFactory(
      keys.dimension,
      `IVF${lists},${codes(keys.dimension)}`,
      faiss.MetricType.METRIC_L2,
    );
    index.train(Array.from(trainingRows(rows, lists)));
    for (const { first, values } of rows.batches(ROWS_AT_ONCE)) {
      index.add(Array.from(values));
      onProgress(first + values.length / keys.dimension, keys.entries);
    }
    index.write(indexPath);
    const sample = sampleOf(rows);
    const open = async (probes: number): Promise<IndexSearch> => {
      await setProbes(indexPath, { dimension: keys.dimension, lists }, probes);
      return new IndexSearch(faiss.Index.read(indexPath), keys, candidates);
    };
    const reached = await fewestProbes(open, sample, keys, lists, recall);
    return { kind, lists, candidatesPerNeighbour: candidates, measuredOn: sample.rows.length, ...reached };
  } finally {
    rows.close();
  }
}

/** Rows spread evenly over the package. */
function spread(count: number, entries: number): number[] {
  return Array.from({ length: count }, (_, i) => Math.floor((i * entries) / count));
}

function trainingRows(keys: KeyRows, lists: number): Float32Array {
  const { dimension, entries } = keys.source;
  const most = Math.floor(MOST_TRAINING_VALUES / dimension);
  return gather(keys, spread(Math.min(entries, lists * TRAINING_ROWS_PER_LIST, most), entries));
}

function gather(keys: KeyRows, rows: readonly number[]): Float32Array {
  const { dimension } = keys.source;
  const values = new Float32Array(rows.length * dimension);
  for (const [position, row] of rows.entries()) values.set(keys.rows(row, row + 1), position * dimension);
  return values;
}

interface Sample {
  readonly rows: readonly number[];
  readonly queries: Float32Array;
  /** Nearest entries of each, itself left out. */
  readonly nearest: readonly ReadonlySet<number>[];
}

function sampleOf(keys: KeyRows): Sample {
  const { dimension, entries } = keys.source;
  const rows = spread(Math.min(MEASURED_ENTRIES, entries), entries);
  const queries = gather(keys, rows);
  const found = nearestOfAll({ values: queries, dimension }, keys, neighbours(entries));
  return { rows, queries, nearest: found.map((own: Nearest, i) => without(own.rows, rows[i])) };
}

/** Neighbours to search: an entry finds itself first. */
function neighbours(entries: number): number {
  return Math.min(MEASURED_NEIGHBOURS + 1, entries);
}

function without(rows: Iterable<number>, self: number | undefined): ReadonlySet<number> {
  const others = new Set(rows);
  if (self !== undefined) others.delete(self);
  return others;
}

async function fewestProbes(
  open: (probes: number) => Promise<IndexSearch>,
  sample: Sample,
  keys: KeySource,
  lists: number,
  wanted: number,
): Promise<{ readonly probes: number; readonly recall: number }> {
  let best = 0;
  for (let probes = 1; ; probes *= 2) {
    const own = Math.min(probes, lists);
    const search = await open(own);
    const recall = recallOf(search, sample, neighbours(keys.entries));
    search.close();
    best = Math.max(best, recall);
    if (recall >= wanted) return { probes: own, recall };
    if (own === lists)
      throw new Error(
        `finds ${(100 * best).toFixed(1)}% at most, ${(100 * wanted).toFixed(1)}% are asked for`,
      );
  }
}

function recallOf(search: IndexSearch, { rows, queries, nearest }: Sample, k: number): number {
  const { indices } = search.search(queries, k);
  let found = 0;
  let all = 0;
  for (const [query, gold] of nearest.entries()) {
    const own = without(indices.subarray(query * k, (query + 1) * k), rows[query]);
    all += gold.size;
    for (const row of gold) if (own.has(row)) found++;
  }
  return all === 0 ? 1 : found / all;
}
