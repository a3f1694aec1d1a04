import { readFile } from 'node:fs/promises';
import { InferenceSession, Tensor, type TypedTensor } from 'onnxruntime-node';
import { workerData } from 'piscina';
import { moved } from '../inference/worker-result.js';
import { decodeKeys, type KeyType } from './key-codec.js';
import { refine } from './refinement.js';
import { searchGraph } from './search-graph.js';
import { firstNotFinite, normaliseRows, squaredNorm, type Vectors } from './vectors.js';

/*
 * A worker thread that keeps the keys of one memory, in float32, and searches them.
 */

export interface SearchWorkerData {
  readonly keysPath: string;
  readonly keyType: KeyType;
  readonly dimension: number;
  readonly entries: number;
  /** Scale keys and queries to length 1. */
  readonly normalised: boolean;
  /** Threads of the search. */
  readonly threads: number;
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

/** Queries in one run of the graph: enough to read the keys seldom, few enough for the scores to stay small. */
const QUERIES_PER_RUN = 64;
/** Candidates beyond k that the graph is asked for at first. */
const SPARE_CANDIDATES = 32;

const options = workerData as SearchWorkerData;
const ready = open();
// What is wrong with the keys is told to whoever sends the first task.
ready.catch(() => undefined);

interface Searchable {
  readonly session: InferenceSession;
  readonly keys: Vectors;
  readonly keyTensor: Tensor;
  readonly bias: Tensor;
  readonly largestNorm: number;
}

export default async function search({ queries: raw, k }: SearchTask): Promise<SearchResult> {
  const searchable = await ready;
  const { dimension } = options;
  const count = raw.length / dimension;
  const queries: Vectors = { values: raw, dimension };
  if (options.normalised) normaliseRows(queries);
  const result = { indices: new Int32Array(count * k), squaredDistances: new Float32Array(count * k) };
  for (let first = 0; first < count; first += QUERIES_PER_RUN) {
    const rows = Array.from({ length: Math.min(QUERIES_PER_RUN, count - first) }, (_, i) => first + i);
    await searchRows(searchable, queries, rows, k, k + SPARE_CANDIDATES, result);
  }
  return moved(result, [result.indices.buffer as ArrayBuffer, result.squaredDistances.buffer as ArrayBuffer]);
}

/** Searches some queries; those whose candidates do not settle the matter again with twice as many. */
async function searchRows(
  searchable: Searchable,
  queries: Vectors,
  rows: readonly number[],
  k: number,
  candidates: number,
  into: SearchResult,
): Promise<void> {
  const asked = Math.min(candidates, options.entries);
  const { scores, indices } = await topCandidates(searchable, queries, rows, asked);
  const open: number[] = [];
  for (const [position, row] of rows.entries()) {
    const own = indices.subarray(position * asked, (position + 1) * asked);
    const lowest = scores[(position + 1) * asked - 1] as number;
    const refined = refine(queries, row, searchable.keys, own, k, lowest, searchable.largestNorm);
    if (!refined.certain) {
      open.push(row);
      continue;
    }
    into.indices.set(refined.indices, row * k);
    into.squaredDistances.set(refined.squaredDistances, row * k);
  }
  if (open.length > 0) await searchRows(searchable, queries, open, k, 2 * asked, into);
}

async function topCandidates(
  { session, keyTensor, bias }: Searchable,
  { values, dimension }: Vectors,
  rows: readonly number[],
  count: number,
): Promise<{ scores: Float32Array; indices: Int32Array }> {
  const queries = new Float32Array(rows.length * dimension);
  for (const [position, row] of rows.entries())
    queries.set(values.subarray(row * dimension, (row + 1) * dimension), position * dimension);
  const outputs = await session.run({
    queries: new Tensor('float32', queries, [rows.length, dimension]),
    keys: keyTensor,
    bias,
    k: new Tensor('int64', BigInt64Array.of(BigInt(count)), [1]),
  });
  const indices = (outputs['indices'] as TypedTensor<'int64'>).data;
  return {
    scores: (outputs['values'] as TypedTensor<'float32'>).data,
    indices: Int32Array.from(indices, Number),
  };
}

/** Reads the keys. @throws Error saying what is wrong with them */
async function open(): Promise<Searchable> {
  const { dimension, entries, keyType, keysPath, normalised, threads } = options;
  const bytes = await readFile(keysPath);
  const values = decodeKeys(bytes, dimension, keyType);
  if (values.length !== entries * dimension)
    throw new Error(`holds ${values.length} values, expected ${entries} x ${dimension}`);
  const keys: Vectors = { values, dimension };
  const bad = firstNotFinite(keys);
  if (bad >= 0) throw new Error(`the key of entry ${bad} has a component that is not finite`);
  if (normalised) normaliseRows(keys);

  const bias = new Float32Array(entries);
  let largest = 0;
  for (let entry = 0; entry < entries; entry++) {
    const norm = squaredNorm(keys, entry);
    largest = Math.max(largest, norm);
    bias[entry] = -norm / 2;
  }
  const session = await InferenceSession.create(searchGraph(), {
    intraOpNumThreads: threads,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
    logSeverityLevel: 3,
  });
  return {
    session,
    keys,
    keyTensor: new Tensor('float32', values, [entries, dimension]),
    bias: new Tensor('float32', bias, [entries]),
    largestNorm: Math.sqrt(largest),
  };
}
