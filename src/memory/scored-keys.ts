import { InferenceSession, Tensor, type TypedTensor } from 'onnxruntime-node';
import type { KeyType } from './key-codec.js';
import type { Vectors } from './vectors.js';

/** Keys in a file, and how they are to be searched. */
export interface KeysToSearch {
  readonly keysPath: string;
  readonly keyType: KeyType;
  readonly dimension: number;
  readonly entries: number;
  /** Scale keys and queries to length 1. */
  readonly normalised: boolean;
  /** Threads of the search. */
  readonly threads: number;
}

/** All keys of a memory in a form that a graph scores. */
export interface ScoredKeys {
  readonly entries: number;
  /** Queries of one run at most. */
  readonly queriesPerRun: number;
  /** The best entries of some queries by their score, q·m - ‖m‖²/2, which is not exact. */
  top(queries: Vectors, rows: readonly number[], count: number): Promise<Candidates>;
  /** Squared L2 distance of a query from an entry, in float64. */
  squaredDistance(queries: Vectors, row: number, entry: number): number;
}

export interface Candidates {
  /** Of the queries' rows, `count` each, best first. */
  readonly scores: Float32Array;
  readonly indices: Int32Array;
  /** By query: how far ‖q‖² - 2 score may be from the squared distance. */
  readonly errors: Float64Array;
}

/** What a graph runs on. */
export function searchSession(graph: Uint8Array, threads: number): Promise<InferenceSession> {
  return InferenceSession.create(graph, {
    intraOpNumThreads: threads,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
    logSeverityLevel: 3,
  });
}

/** Runs a graph of `search-graph.ts`. */
export async function runTop(
  session: InferenceSession,
  inputs: Readonly<Record<string, Tensor>>,
  count: number,
): Promise<Pick<Candidates, 'scores' | 'indices'>> {
  const k = new Tensor('int64', BigInt64Array.of(BigInt(count)), [1]);
  const outputs = await session.run({ ...inputs, k });
  const indices = (outputs['indices'] as TypedTensor<'int64'>).data;
  return {
    scores: (outputs['values'] as TypedTensor<'float32'>).data,
    indices: Int32Array.from(indices, Number),
  };
}
