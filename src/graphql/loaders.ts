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
import type { Mention, Neighbour } from '../domain/model.js';
import type { StoredPrediction } from '../store/graph-store.js';
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
    mentionsOfEntity: mentionsOfEntity(store),
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

/** Entities of one call may ask for different numbers of mentions: one store call for each number. */
function mentionsOfEntity(store: ApiServices['store']) {
  interface Key {
    readonly id: EntityId;
    readonly limit: number;
  }
  return new DataLoader<Key, Mention[], string>(
    async (keys) => {
      const byLimit = new Map<number, Key[]>();
      for (const key of keys) {
        const group = byLimit.get(key.limit);
        if (group) group.push(key);
        else byLimit.set(key.limit, [key]);
      }
      const found = new Map<Key, Mention[]>();
      for (const [limit, group] of byLimit) {
        const lists = await store.mentionsOfEntities(
          group.map(({ id }) => id),
          limit,
        );
        group.forEach((key, position) => found.set(key, lists[position] ?? []));
      }
      return keys.map((key) => found.get(key) ?? []);
    },
    { cacheKeyFn: ({ id, limit }) => `${id} ${limit}` },
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
