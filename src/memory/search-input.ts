import { NeighborKbError } from '../domain/errors.js';

/**
 * Checks what a search is asked, and says how many entries it finds: min(k, entries).
 * @param queries count x dimension, finite
 * @throws NeighborKbError INVALID_ARGUMENT for queries of another size or not finite, or for k < 1
 */
export function checkedQueries(
  queries: Float32Array,
  count: number,
  k: number,
  { dimension, entries }: { readonly dimension: number; readonly entries: number },
): number {
  if (queries.length !== count * dimension)
    throw new NeighborKbError(
      'INVALID_ARGUMENT',
      `${queries.length} values are not ${count} queries of ${dimension}`,
      ['queries'],
    );
  if (!Number.isInteger(k) || k < 1)
    throw new NeighborKbError('INVALID_ARGUMENT', `k is ${k}, must be an integer of 1 or more`, ['k']);
  const bad = queries.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw new NeighborKbError('INVALID_ARGUMENT', 'a query has a component that is not finite', [
      'queries',
      Math.floor(bad / dimension),
    ]);
  return Math.min(k, entries);
}
