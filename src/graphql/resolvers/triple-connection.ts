import type { Triple } from '../../domain/model.js';
import type { TripleFilter, TripleQuery } from '../../store/graph-store.js';
import { pageRequest, storedConnection, type ConnectionSource, type PageArguments } from '../connections.js';
import type { ApiContext } from '../context.js';

/** A page of triples that also knows what was asked, so that all matches can be counted by a field. */
export interface TripleConnectionSource extends ConnectionSource<Triple> {
  readonly filter: TripleFilter;
}

export type TripleOrder = NonNullable<TripleQuery['order']>;

export function tripleConnection(
  { services }: ApiContext,
  args: PageArguments,
  filter: TripleFilter,
  order: TripleOrder,
): TripleConnectionSource {
  const query = {
    ...pageRequest(args),
    filter,
    order: order ?? 'confidenceDescending',
  } satisfies TripleQuery;
  return { ...storedConnection(query.after, () => services.store.triples(query)), filter };
}
