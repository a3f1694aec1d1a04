import DataLoader from 'dataloader';
import { NeighborKbError } from '../domain/errors.js';
import type {
  DocumentId,
  EntityId,
  MentionId,
  PredictionId,
  SentenceId,
  TripleId,
} from '../domain/identity.js';
import type { Mention, Neighbour, Triple } from '../domain/model.js';
import type { TripleOwner } from '../store/graph-queries.js';
import type {
  Page,
  StoredPrediction,
  TripleCount,
  TripleCountField,
  TripleFilter,
  TripleQuery,
} from '../store/graph-store.js';
import type { ApiServices } from './services.js';

export type Loaders = ReturnType<typeof createLoaders>;

/**
 * The loaders of one request. Whatever a page asks of its items arrives at the store as one call a level of
 * the operation, whatever the size of the page; what was read once is not read again.
 */
export function createLoaders({ store, replay }: Pick<ApiServices, 'store' | 'replay'>) {
  const predictionsWithoutVoters = new DataLoader<StoredPrediction, readonly Neighbour[], PredictionId>(
    (predictions) => replay.neighbours(predictions),
    { cacheKeyFn: ({ id }) => id },
  );
  return {
    document: new DataLoader((ids: readonly DocumentId[]) => store.documentsById(ids)),
    sentence: new DataLoader((ids: readonly SentenceId[]) => store.sentencesById(ids)),
    sentencesOfDocument: new DataLoader((ids: readonly DocumentId[]) => store.sentencesOfDocuments(ids)),
    mention: new DataLoader((ids: readonly MentionId[]) => store.mentionsById(ids)),
    mentionsOfDocument: new DataLoader((ids: readonly DocumentId[]) => store.mentionsOfDocuments(ids)),
    mentionsOfEntity: groupedLoader<MentionsOf, Mention[]>(
      ({ limit }) => String(limit),
      (ids, { limit }) => store.mentionsOfEntities(ids, limit),
    ),
    triplesOf: groupedLoader<TriplesOf, Page<Triple>>(
      ({ owner, query }) => JSON.stringify([owner, query]),
      (ids, { owner, query }) => store.queries.triplesOf(owner, ids, query),
    ),
    tripleCountsOf: groupedLoader<TripleCountsOf, TripleCount[]>(
      ({ owner, by, filter }) => JSON.stringify([owner, by, filter]),
      (ids, { owner, by, filter }) => store.queries.countTriplesOf(owner, ids, by, filter),
    ),
    prediction: new DataLoader((ids: readonly PredictionId[]) => store.predictionsById(ids)),
    predictionsOfDocument: new DataLoader((ids: readonly DocumentId[]) => store.predictionsOfDocuments(ids)),
    entity: new DataLoader((ids: readonly EntityId[]) => store.entitiesById(ids)),
    aliasesOfEntity: new DataLoader((ids: readonly EntityId[]) => store.aliasesOfEntities(ids)),
    triple: new DataLoader((ids: readonly TripleId[]) => store.triplesById(ids)),
    evidence: new DataLoader((ids: readonly PredictionId[]) => store.evidenceById(ids)),
    evidenceOfTriple: new DataLoader((ids: readonly TripleId[]) => store.evidenceOfTriples(ids)),
    storedNeighbours: new DataLoader((ids: readonly PredictionId[]) => store.neighboursOfPredictions(ids)),
    replayedNeighbours: predictionsWithoutVoters,
  };
}

interface MentionsOf {
  readonly id: EntityId;
  readonly limit: number;
}

interface TriplesOf {
  readonly id: string;
  readonly owner: TripleOwner;
  readonly query: TripleQuery;
}

interface TripleCountsOf {
  readonly id: string;
  readonly owner: TripleOwner;
  readonly by: TripleCountField;
  readonly filter: TripleFilter;
}

/**
 * Things of one operation may be asked for in different ways (other filters, other limits): one store call for
 * each way.
 *
 * @param wayOf what tells one way from another
 * @param read answers in the order of the ids
 */
function groupedLoader<Key extends { readonly id: string }, Value>(
  wayOf: (key: Key) => string,
  read: (ids: Key['id'][], way: Key) => Promise<Value[]>,
): DataLoader<Key, Value, string> {
  return new DataLoader<Key, Value, string>(
    async (keys) => {
      const groups = new Map<string, Key[]>();
      for (const key of keys) {
        const group = groups.get(wayOf(key));
        if (group) group.push(key);
        else groups.set(wayOf(key), [key]);
      }
      const found = new Map<Key, Value>();
      await Promise.all(
        [...groups.values()].map(async (group) => {
          const [way] = group;
          if (!way) return;
          const values = await read(
            group.map(({ id }) => id),
            way,
          );
          for (const [place, value] of values.entries()) {
            const key = group[place];
            if (key) found.set(key, value);
          }
        }),
      );
      return keys.map((key) => found.get(key) ?? new Error(`nothing was read for ${key.id}`));
    },
    { cacheKeyFn: (key) => `${key.id} ${wayOf(key)}` },
  );
}

/**
 * What an id inside stored data refers to. The store keeps its references whole, but a document may be
 * retracted between two statements of one request: such a request fails and can be repeated.
 */
export async function required<K, V>(loader: DataLoader<K, V | null, K>, id: K): Promise<V> {
  const value = await loader.load(id);
  if (value === null) throw goneMeanwhile();
  return value;
}

function goneMeanwhile(): NeighborKbError {
  return new NeighborKbError(
    'CONFLICT',
    'what this refers to was removed while the operation ran; repeat it',
  );
}
