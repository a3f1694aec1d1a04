import { NeighborKbError } from '../../domain/errors.js';
import type { SearchHits } from '../ports.js';
import { checkedQueries } from '../search-input.js';
import { FaissHelper } from './helper.js';
import type { KeySource } from './messages.js';

/** The library does not free queries: a process that has lost so much makes room for a fresh one. */
const MOST_LOST_BYTES = 256 * 1024 * 1024;

export interface ApproximateSearchOptions {
  /** Name of the memory, for error messages. */
  readonly memory: string;
  readonly keys: KeySource;
  /** A file that the package lists with its hash. */
  readonly indexPath: string;
  readonly candidatesPerNeighbour: number;
  readonly threads: number;
}

/**
 * Nearest neighbours by an inverted file of FAISS, in a process of its own. It may miss entries; what it finds has
 * exact distances, in float64 from the keys. A process that dies rejects its search with INTERNAL and is replaced for
 * the next one.
 */
export class ApproximateSearch {
  readonly isExact = false;
  private helper: Promise<FaissHelper>;
  private closed = false;

  private constructor(
    private readonly options: ApproximateSearchOptions,
    helper: FaissHelper,
  ) {
    this.helper = Promise.resolve(helper);
  }

  /** @throws FaissMissingError; Error where the index cannot be read or is not one of these keys */
  static async open(options: ApproximateSearchOptions): Promise<ApproximateSearch> {
    return new ApproximateSearch(options, await openHelper(options));
  }

  /** Contract of `ExactSearch.search`, but for entries that it may miss. */
  async search(queries: Float32Array, count: number, k: number): Promise<SearchHits> {
    const { memory, keys } = this.options;
    const found = checkedQueries(queries, count, k, keys);
    if (found === 0 || count === 0)
      return { k: found, indices: new Int32Array(0), squaredDistances: new Float32Array(0) };
    if (this.closed) throw new NeighborKbError('INTERNAL', `memory ${memory}: is closed`);
    try {
      const helper = await this.alive();
      const { indices, squaredDistances, lostBytes } = await helper.ask({ do: 'search', queries, k: found });
      if (lostBytes > MOST_LOST_BYTES) this.replace(helper);
      return { k: found, indices, squaredDistances };
    } catch (cause) {
      throw new NeighborKbError('INTERNAL', `memory ${memory}: ${(cause as Error).message}`, [], { cause });
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    const helper = await this.helper.catch(() => null);
    await helper?.close();
  }

  /** For measurements of what the index takes. */
  async processId(): Promise<number | undefined> {
    return (await this.helper).pid;
  }

  private async alive(): Promise<FaissHelper> {
    const current = await this.helper.catch(() => null);
    if (current?.isAlive) return current;
    this.helper = openHelper(this.options);
    return this.helper;
  }

  private replace(old: FaissHelper): void {
    const next = openHelper(this.options);
    next.catch(() => undefined); // told to the next search
    this.helper = next;
    old.retire();
  }
}

async function openHelper(options: ApproximateSearchOptions): Promise<FaissHelper> {
  const { keys, indexPath, candidatesPerNeighbour, threads } = options;
  const helper = new FaissHelper();
  try {
    await helper.ask({ do: 'open', keys, indexPath, candidatesPerNeighbour, threads });
    return helper;
  } catch (error) {
    await helper.close();
    throw error;
  }
}
