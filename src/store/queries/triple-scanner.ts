import { NeighborKbError } from '../../domain/errors.js';
import type { EntityId } from '../../domain/identity.js';
import type { Triple } from '../../domain/model.js';
import { MAX_EXAMINED_FILLINGS, MAX_EXAMINED_TRIPLES } from '../graph-queries.js';
import type { TripleFilter } from '../graph-store.js';

/** What walking the graph needs of an adapter: one batched read. */
export interface TripleScanner {
  /** What ids stand for after merges and dictionaries; null where there is no such entity. */
  resolve(ids: readonly EntityId[]): Promise<(EntityId | null)[]>;
  /**
   * Triples that match, most confident first, ties by id descending.
   * @param after go on after this triple
   */
  scan(filter: TripleFilter, after: Triple | null, limit: number): Promise<Triple[]>;
}

/**
 * Triples of one read: few at first, since an answer may need no more, then twice as many each time, since each read
 * costs a round trip; never so many that a read holds others up.
 */
const FIRST_SCAN = 250;
const LARGEST_SCAN = 2_000;

/** Reads triples until a search has looked at as many, or put them together in as many ways, as one search may. */
export class BoundedScan {
  private examined = 0;
  private filled = 0;

  constructor(
    private readonly scanner: TripleScanner,
    private readonly most = MAX_EXAMINED_TRIPLES,
  ) {}

  /** Whether the search was cut because a bound was reached. */
  exhausted = false;

  /** Counts a way in which triples were put together. */
  countFilling(): void {
    if (++this.filled >= MAX_EXAMINED_FILLINGS) this.exhausted = true;
  }

  /**
   * All triples that match, in pages, in the scanner's order; ends early once the bound is reached.
   * @param expected how many will be needed, if that is known
   */
  async *pages(filter: TripleFilter, expected = 0): AsyncGenerator<readonly Triple[]> {
    let size = Math.min(Math.max(expected, FIRST_SCAN), LARGEST_SCAN);
    for (let last: Triple | null = null; ; size = Math.min(2 * size, LARGEST_SCAN)) {
      const room = Math.min(size, this.most - this.examined);
      // One more says whether the bound cuts anything.
      const read: Triple[] = await this.scanner.scan(filter, last, room + 1);
      const page = read.slice(0, room);
      this.examined += page.length;
      if (page.length > 0) yield page;
      if (read.length <= room) return;
      if (this.examined >= this.most) {
        this.exhausted = true;
        return;
      }
      last = page.at(-1) ?? null;
    }
  }
}

/** @throws NeighborKbError INVALID_ARGUMENT at `field` */
export function checkRange(field: string, value: number, most: number): void {
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw new NeighborKbError('INVALID_ARGUMENT', `expected an integer from 1 to ${most}, got ${value}`, [
      field,
    ]);
}
