import { workerData } from 'piscina';
import { moved } from '../inference/worker-result.js';
import { ByteKeys } from './byte-keys.js';
import { FloatKeys } from './float-keys.js';
import { refine } from './refinement.js';
import type { KeysToSearch, ScoredKeys } from './scored-keys.js';
import { normaliseRows, squaredNorm, type Vectors } from './vectors.js';

/*
 * A worker thread that keeps the keys of one memory and searches them.
 */

export interface SearchWorkerData extends KeysToSearch {
  /** Keep keys of bytes as bytes: a quarter of the space, up to three times the time. The result is the same. */
  readonly compact: boolean;
}

export interface SearchTask {
  /** Raw queries, count x dimension. No queries: answers once the keys are read. */
  readonly queries: Float32Array;
  /** 1..entries. */
  readonly k: number;
}

export interface SearchResult {
  /** queries x k, nearest first. */
  readonly indices: Int32Array;
  readonly squaredDistances: Float32Array;
}

/** Candidates beyond k that the graph is asked for at first. */
const SPARE_CANDIDATES = 32;

const options = workerData as SearchWorkerData;
const ready: Promise<ScoredKeys> =
  options.compact && options.keyType === 'int8' ? ByteKeys.open(options) : FloatKeys.open(options);
// What is wrong with the keys is told to whoever sends the first task.
ready.catch(() => undefined);

export default async function search({ queries: raw, k }: SearchTask): Promise<SearchResult> {
  const keys = await ready;
  const { dimension } = options;
  const count = raw.length / dimension;
  const queries: Vectors = { values: raw, dimension };
  if (options.normalised) normaliseRows(queries);
  const result = { indices: new Int32Array(count * k), squaredDistances: new Float32Array(count * k) };
  for (let first = 0; first < count; first += keys.queriesPerRun) {
    const rows = Array.from({ length: Math.min(keys.queriesPerRun, count - first) }, (_, i) => first + i);
    await searchRows(keys, queries, rows, k, k + SPARE_CANDIDATES, result);
  }
  return moved(result, [result.indices.buffer as ArrayBuffer, result.squaredDistances.buffer as ArrayBuffer]);
}

/** Searches some queries; those whose candidates do not settle the matter again with twice as many. */
async function searchRows(
  keys: ScoredKeys,
  queries: Vectors,
  rows: readonly number[],
  k: number,
  candidates: number,
  into: SearchResult,
): Promise<void> {
  const { entries } = keys;
  const asked = Math.min(candidates, entries);
  const { scores, indices, errors } = await keys.top(queries, rows, asked);
  const open: number[] = [];
  for (const [position, row] of rows.entries()) {
    const found = {
      candidates: indices.subarray(position * asked, (position + 1) * asked),
      lowestScore: scores[(position + 1) * asked - 1] as number,
      error: errors[position] as number,
      ...{ squaredNorm: squaredNorm(queries, row), entries },
    };
    const refined = refine(found, k, (entry) => keys.squaredDistance(queries, row, entry));
    if (!refined.certain) {
      open.push(row);
      continue;
    }
    into.indices.set(refined.indices, row * k);
    into.squaredDistances.set(refined.squaredDistances, row * k);
  }
  if (open.length > 0) await searchRows(keys, queries, open, k, 2 * asked, into);
}
