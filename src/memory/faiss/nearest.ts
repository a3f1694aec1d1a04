import { squaredDistance, type Vectors } from '../vectors.js';
import type { KeyRows } from './key-rows.js';

/** The k nearest rows seen so far, nearest first, ties to the lower row. */
export class Nearest {
  readonly rows: number[] = [];
  readonly distances: number[] = [];

  constructor(private readonly k: number) {}

  add(row: number, distance: number): void {
    let place = this.rows.length;
    if (place === this.k && !this.isBefore(row, distance, place - 1)) return;
    while (place > 0 && this.isBefore(row, distance, place - 1)) place--;
    this.rows.splice(place, 0, row);
    this.distances.splice(place, 0, distance);
    if (this.rows.length <= this.k) return;
    this.rows.pop();
    this.distances.pop();
  }

  private isBefore(row: number, distance: number, place: number): boolean {
    const other = this.distances[place] as number;
    return distance < other || (distance === other && row < (this.rows[place] as number));
  }
}

const ROWS_AT_ONCE = 4096;

/** Nearest rows of each query among all keys, by looking at every one: slow, and right. */
export function nearestOfAll(queries: Vectors, keys: KeyRows, k: number): Nearest[] {
  const { dimension } = queries;
  const nearest = Array.from({ length: queries.values.length / dimension }, () => new Nearest(k));
  for (const { first, values } of keys.batches(ROWS_AT_ONCE))
    for (const [query, own] of nearest.entries())
      for (let row = 0; row < values.length / dimension; row++)
        own.add(first + row, squaredDistance(queries, query, { values, dimension }, row));
  return nearest;
}
