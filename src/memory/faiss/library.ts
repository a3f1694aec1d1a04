import { createRequire } from 'node:module';

/*
 * faiss-node 0.5.1, an optional dependency: what is used of it. It is synchronous, takes and gives arrays of numbers,
 * and does not free the queries of a search. So it is loaded in processes of its own alone.
 */

export interface FaissIndex {
  ntotal(): number;
  getDimension(): number;
  train(vectors: number[]): void;
  add(vectors: number[]): void;
  /** `labels` are row numbers, nearest first, k a query; -1 where the probed lists hold too few. */
  search(queries: number[], k: number): { readonly distances: number[]; readonly labels: number[] };
  write(path: string): void;
}

interface FaissLibrary {
  readonly Index: {
    fromFactory(dimension: number, description: string, metric: number): FaissIndex;
    read(path: string): FaissIndex;
  };
  readonly MetricType: { readonly METRIC_L2: number };
}

/** The library cannot be loaded: it is not installed, or was not built. */
export class FaissMissingError extends Error {
  override readonly name = 'FaissMissingError';
}

/** @throws FaissMissingError */
export function loadFaiss(threads: number): FaissLibrary {
  // Written, not read: OpenMP and the matrix library take their numbers of threads from there when they are loaded.
  // Threads that wait must not spin: other processes want the cores.
  // eslint-disable-next-line no-restricted-properties
  Object.assign(process.env, {
    OMP_NUM_THREADS: String(threads),
    OMP_WAIT_POLICY: 'PASSIVE',
    OPENBLAS_NUM_THREADS: '1',
  });
  try {
    return createRequire(import.meta.url)('faiss-node') as FaissLibrary;
  } catch (cause) {
    const [reason = ''] = (cause as Error).message.split('\n');
    throw new FaissMissingError(`faiss-node cannot be loaded: ${reason}`, { cause });
  }
}
