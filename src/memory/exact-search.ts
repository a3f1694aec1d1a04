import { NeighborKbError } from '../domain/errors.js';
import { WorkerPool, workerFile } from '../inference/worker-pool.js';
import type { SearchHits } from './ports.js';
import { checkedQueries } from './search-input.js';
import type { SearchResult, SearchTask, SearchWorkerData } from './search-worker.js';

export interface ExactSearchOptions extends Omit<SearchWorkerData, 'threads' | 'compact'> {
  /** Name of the memory, for error messages. */
  readonly memory: string;
  /** Threads of the search; 2 unless given. */
  readonly threads?: number;
  /** Keep keys of bytes as bytes; by the number of entries unless given. */
  readonly compact?: boolean;
}

/**
 * Entries from which keys of bytes are kept as bytes: 1.5 GB of 768 components in float32. Below, float32, which is up
 * to three times as fast. docs/large-memories.md has both.
 */
export const COMPACT_ENTRIES = 500_000;

/**
 * Exact nearest neighbours by squared L2 distance, in a thread of its own: no entry that is nearer is ever missed,
 * and distances are taken in float64, whatever float32 lost on the way. A query's result does not depend on the
 * queries beside it.
 */
export class ExactSearch {
  readonly isExact = true;

  private constructor(
    private readonly pool: WorkerPool<SearchTask, SearchResult>,
    readonly dimension: number,
    readonly entries: number,
  ) {}

  /** Reads and checks the keys. @throws NeighborKbError MEMORY_CORRUPT naming keys.bin */
  static async open({ memory, threads = 2, compact, ...keys }: ExactSearchOptions): Promise<ExactSearch> {
    const pool = new WorkerPool<SearchTask, SearchResult>({
      file: workerFile(import.meta.url, 'search-worker'),
      workers: 1,
      workerData: {
        ...{ ...keys, threads, compact: compact ?? keys.entries >= COMPACT_ENTRIES },
      } satisfies SearchWorkerData,
      what: `memory ${memory}`,
    });
    try {
      await pool.run({ queries: new Float32Array(0), k: 0 });
    } catch (cause) {
      await pool.close();
      const reason = (cause as Error).message;
      throw new NeighborKbError('MEMORY_CORRUPT', `${keys.keysPath}: ${reason}`, ['keys.bin'], { cause });
    }
    return new ExactSearch(pool, keys.dimension, keys.entries);
  }

  /**
   * @param queries count x dimension, finite, not yet normalised
   * @param k at least 1; no more than the memory's entries are found
   * @throws NeighborKbError INVALID_ARGUMENT for queries of another size or not finite, or for k < 1
   */
  async search(queries: Float32Array, count: number, k: number): Promise<SearchHits> {
    const found = checkedQueries(queries, count, k, this);
    if (count === 0 || found === 0)
      return { k: found, indices: new Int32Array(0), squaredDistances: new Float32Array(0) };
    // A copy, because the caller keeps the queries and the worker normalises its own.
    const own = queries.slice();
    const hits = await this.pool.run({ queries: own, k: found }, [own.buffer]);
    return { k: found, ...hits };
  }

  close(): Promise<void> {
    return this.pool.close();
  }
}
