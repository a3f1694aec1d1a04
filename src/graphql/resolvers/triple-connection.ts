import type { Triple } from '../../domain/model.js';
import type { TripleOwner } from '../../store/graph-queries.js';
import type { TripleCount, TripleCountField, TripleFilter, TripleQuery } from '../../store/graph-store.js';
import { pageRequest, storedConnection, type ConnectionSource, type PageArguments } from '../connections.js';
import type { ApiContext } from '../context.js';

/** A page of triples that can also count all matches by a field, at most `limit` values. */
export interface TripleConnectionSource extends ConnectionSource<Triple> {
  readonly countsBy: (by: TripleCountField, limit: number) => Promise<TripleCount[]>;
}

export type TripleOrder = NonNullable<TripleQuery['order']>;

/** All triples that match. */
export function tripleConnection(
  { services }: ApiContext,
  args: PageArguments,
  filter: TripleFilter,
  order: TripleOrder,
): TripleConnectionSource {
  const query = tripleQuery(args, filter, order);
  return {
    ...storedConnection(query.after, () => services.store.triples(query)),
    countsBy: (by, limit) => services.store.countTriples(by, filter, limit),
  };
}

/** Those of an owner; owners of one page are read together. */
export function ownedTriples(
  { loaders }: ApiContext,
  owner: TripleOwner,
  id: string,
  args: PageArguments,
  filter: TripleFilter,
  order: TripleOrder,
): TripleConnectionSource {
  const query = tripleQuery(args, filter, order);
  return {
    ...storedConnection(query.after, () => loaders.triplesOf.load({ id, owner, query })),
    countsBy: async (by, limit) =>
      (await loaders.tripleCountsOf.load({ id, owner, by, filter })).slice(0, limit),
  };
}

function tripleQuery(args: PageArguments, filter: TripleFilter, order: TripleOrder): TripleQuery {
  return { ...pageRequest(args), filter, order: order ?? 'confidenceDescending' };
}
