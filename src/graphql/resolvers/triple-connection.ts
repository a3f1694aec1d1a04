import type { Triple } from '../../domain/model.js';
import type { TripleOwner } from '../../store/graph-queries.js';
import type { TripleCount, TripleCountField, TripleFilter, TripleQuery } from '../../store/graph-store.js';
import { pageRequest, storedConnection, type ConnectionSource, type PageArguments } from '../connections.js';
import type { ApiContext } from '../context.js';
import type { TripleOrder } from '../types/enums/triples.js';

/** A page of triples that can also count all matches by a field, at most `limit` values. */
export interface TripleConnectionSource extends ConnectionSource<Triple> {
  readonly countsBy: (by: TripleCountField, limit: number) => Promise<TripleCount[]>;
}

/** The triples that one request asks for, in an order that pages keep. */
export function tripleQuery(
  args: PageArguments,
  filter: TripleFilter,
  order: TripleOrder,
): TripleQuery & { readonly filter: TripleFilter } {
  return { ...pageRequest(args), filter, order: order ?? 'confidenceDescending' };
}

/** All triples that match. */
export function tripleConnection(
  { services }: ApiContext,
  query: ReturnType<typeof tripleQuery>,
): TripleConnectionSource {
  return {
    ...storedConnection(query.after, () => services.store.triples(query)),
    countsBy: (by, limit) => services.store.countTriples(by, query.filter, limit),
  };
}

/** Those of an owner; owners of one page are read together. */
export function ownedTriples(
  { loaders }: ApiContext,
  owner: TripleOwner,
  id: string,
  query: ReturnType<typeof tripleQuery>,
): TripleConnectionSource {
  return {
    ...storedConnection(query.after, () => loaders.triplesOf.load({ id, owner, query })),
    countsBy: async (by, limit) =>
      (await loaders.tripleCountsOf.load({ id, owner, by, filter: query.filter })).slice(0, limit),
  };
}
