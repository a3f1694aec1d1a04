import { normaliseRows, squaredDistance, type Vectors } from '../vectors.js';
import { KeyRows } from './key-rows.js';
import type { FaissIndex } from './library.js';
import type { KeySource, SearchAnswer } from './messages.js';
import { Nearest, nearestOfAll } from './nearest.js';

const BYTES_PER_FLOAT = 4;

/**
 * Searches an index and takes the distances of what it finds from the keys themselves: quantisation can hide an
 * entry, but never gives a wrong distance.
 */
export class IndexSearch {
  private readonly rows: KeyRows;
  private lostBytes = 0;

  /** @throws Error where index and keys do not belong together */
  constructor(
    private readonly index: FaissIndex,
    private readonly keys: KeySource,
    private readonly candidatesPerNeighbour: number,
  ) {
    if (index.ntotal() !== keys.entries || index.getDimension() !== keys.dimension)
      throw new Error(
        `the index holds ${index.ntotal()} vectors of ${index.getDimension()}, ` +
          `expected ${keys.entries} of ${keys.dimension}`,
      );
    this.rows = new KeyRows(keys);
  }

  /** @param raw count x dimension; normalised here if the memory is */
  search(raw: Float32Array, k: number): SearchAnswer {
    const { dimension, entries, normalised } = this.keys;
    const queries: Vectors = { values: raw.slice(), dimension };
    if (normalised) normaliseRows(queries);
    const count = raw.length / dimension;
    const asked = Math.min(entries, k * this.candidatesPerNeighbour);
    const { labels } = this.index.search(Array.from(queries.values), asked);
    this.lostBytes += queries.values.length * BYTES_PER_FLOAT;
    const indices = new Int32Array(count * k);
    const squaredDistances = new Float32Array(count * k);
    for (let query = 0; query < count; query++) {
      const nearest = this.nearest(queries, query, labels.slice(query * asked, (query + 1) * asked), k);
      indices.set(nearest.rows, query * k);
      squaredDistances.set(nearest.distances, query * k);
    }
    return { indices, squaredDistances, lostBytes: this.lostBytes };
  }

  close(): void {
    this.rows.close();
  }

  private nearest(queries: Vectors, query: number, candidates: readonly number[], k: number): Nearest {
    const nearest = new Nearest(k);
    const { dimension } = queries;
    for (const row of candidates)
      if (row >= 0)
        nearest.add(
          row,
          squaredDistance(queries, query, { values: this.rows.rows(row, row + 1), dimension }, 0),
        );
    if (nearest.rows.length === k) return nearest;
    // The lists that were probed hold fewer than k entries.
    const own = queries.values.subarray(query * dimension, (query + 1) * dimension);
    return nearestOfAll({ values: own, dimension }, this.rows, k)[0] as Nearest;
  }
}
