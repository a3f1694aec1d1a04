import { NeighborKbError, type FieldPath } from '../domain/errors.js';

/**
 * How filters join: what a filter says itself holds, and every one of `and`, and at least one of `or`, and what
 * `not` says does not. An empty `and` asks nothing, an empty `or` matches nothing; `not` of an empty filter
 * matches nothing.
 */
export interface Combinators<Filter> {
  readonly and?: readonly Filter[];
  readonly or?: readonly Filter[];
  readonly not?: Filter;
}

/** Filters below one another, the outermost counted; and filters altogether. */
export const MAX_FILTER_DEPTH = 5;
export const MAX_FILTER_PARTS = 50;

/**
 * Refuses a filter that is deeper or larger than a statement should be.
 * @param path where the filter stands in the query
 * @throws NeighborKbError INVALID_ARGUMENT
 */
export function checkFilter<Filter extends Combinators<Filter>>(
  filter: Filter | undefined,
  path: FieldPath = ['filter'],
): void {
  let parts = 0;
  const visit = (part: Filter, place: FieldPath, depth: number): void => {
    if (depth > MAX_FILTER_DEPTH) throw tooLarge(`filters nest at most ${MAX_FILTER_DEPTH} deep`, place);
    if (++parts > MAX_FILTER_PARTS) throw tooLarge(`a filter has at most ${MAX_FILTER_PARTS} parts`, place);
    for (const key of ['and', 'or'] as const)
      for (const [index, child] of (part[key] ?? []).entries())
        visit(child, [...place, key, index], depth + 1);
    if (part.not !== undefined) visit(part.not, [...place, 'not'], depth + 1);
  };
  if (filter) visit(filter, path, 1);
}

function tooLarge(message: string, path: FieldPath): NeighborKbError {
  return new NeighborKbError('INVALID_ARGUMENT', message, path);
}
