import {
  normaliseName,
  type EntityId,
  type MentionId,
  type SentenceId,
  type TripleId,
} from '../../domain/identity.js';
import type { Entity, ExtractedDocument } from '../../domain/model.js';
import type { EntityReference } from '../../domain/redirects.js';
import type { DocumentGraph, EntityTally, SupportedTriple } from '../document-graph.js';
import { bulkInsert, nextKey } from './bulk-insert.js';
import type { Connection } from './connection.js';
import type { Pacer } from './pacer.js';
import { indexSentences } from './sentence-index.js';
import type { Touched } from './touched.js';
import { insertNeighbours } from './write-neighbours.js';

/** Writes what a document brings under its key; the caller has removed what an earlier revision brought. */
export async function writeContent(
  connection: Connection,
  pacer: Pacer,
  documentKey: number,
  extracted: ExtractedDocument,
  graph: DocumentGraph,
  touched: Touched,
): Promise<void> {
  const sentences = await insertSentences(connection, pacer, documentKey, extracted);
  const { locals, entities } = await insertEntities(connection, pacer, documentKey, graph);
  for (const key of entities.values()) touched.entities.add(key);
  const mentions = await insertMentions(connection, pacer, documentKey, extracted, sentences, locals);
  const triples = await ensureTriples(connection, pacer, graph.triples, entities);
  for (const key of triples.values()) touched.triples.add(key);

  await insertPredictions(connection, pacer, extracted, graph, {
    document: documentKey,
    ...{ sentences, mentions, triples },
  });
}

async function insertSentences(
  connection: Connection,
  pacer: Pacer,
  documentKey: number,
  { document, sentences }: ExtractedDocument,
): Promise<ReadonlyMap<SentenceId, number>> {
  const first = nextKey(connection, 'sentences');
  await bulkInsert(
    connection,
    pacer,
    'sentences (key, id, document_key, position, start_offset, end_offset)',
    sentences.map(({ id, index, start, end }, place) => [first + place, id, documentKey, index, start, end]),
  );
  const keyed = sentences.map((sentence, place) => ({ ...sentence, key: first + place }));
  await indexSentences(connection, pacer, document.text, keyed);
  return new Map(keyed.map(({ id, key }) => [id, key]));
}

/** Keys of a local entity and of the entity that it stands for. */
interface LocalKeys {
  readonly local: number;
  readonly entity: number;
}

interface InsertedEntities {
  /** By the id of the local entity. */
  readonly locals: ReadonlyMap<EntityId, LocalKeys>;
  /** By the id of the entity. */
  readonly entities: ReadonlyMap<EntityId, number>;
}

async function insertEntities(
  connection: Connection,
  pacer: Pacer,
  documentKey: number,
  { entities: tallies }: DocumentGraph,
): Promise<InsertedEntities> {
  const entities = await ensureEntities(
    connection,
    pacer,
    tallies.map(({ entity, target }) => (entity.id === target.id ? entity : target)),
  );
  const mentions = new Map<number, number>();
  const first = nextKey(connection, 'local_entities');
  const keyed = tallies.map((tally, place) => {
    const entity = keyOf(entities, tally.target.id);
    mentions.set(entity, (mentions.get(entity) ?? 0) + tally.mentions);
    return { ...tally, keys: { local: first + place, entity } };
  });
  connection.run(
    `UPDATE entities SET mentions = entities.mentions + w.value ->> 1 FROM json_each(?) w
     WHERE entities.key = w.value ->> 0`,
    [JSON.stringify([...mentions])],
  );
  await bulkInsert(
    connection,
    pacer,
    'local_entities (key, document_key, id, type, name, date_iso, date_precision, mentions, entity_key)',
    keyed.map(({ keys, entity: { id, type, name, date }, mentions: count }) => [
      ...[keys.local, documentKey, id, type, name, date?.iso ?? null, date?.precision ?? null],
      ...[count, keys.entity],
    ]),
  );
  await countNames(connection, pacer, keyed.flatMap(nameCounts));
  return { locals: new Map(keyed.map(({ entity, keys }) => [entity.id, keys])), entities };
}

/** What an entity begins with; `refresh` gives it the name that it has over all documents. */
export type EntitySeed = EntityReference & Partial<Pick<Entity, 'date'>>;

/** Makes those entities that are missing, without mentions. @returns the keys of all, by id */
export async function ensureEntities(
  connection: Connection,
  pacer: Pacer,
  seeds: readonly EntitySeed[],
): Promise<ReadonlyMap<EntityId, number>> {
  const byId = new Map(seeds.map((seed) => [seed.id, seed]));
  const keys = existingKeys(connection, 'entities', [...byId.keys()]);
  const missing = [...byId.values()].filter(({ id }) => !keys.has(id));
  const first = nextKey(connection, 'entities');
  for (const [place, { id }] of missing.entries()) keys.set(id, first + place);
  await bulkInsert(
    connection,
    pacer,
    'entities (key, id, type, name, normalised, date_iso, date_precision, mentions)',
    missing.map(({ id, type, name, date }) => [
      ...[keyOf(keys, id), id, type, name, normaliseName(name)],
      ...[date?.iso ?? null, date?.precision ?? null, 0],
    ]),
  );
  return keys;
}

export interface NameChange {
  readonly entityKey: number;
  readonly name: string;
  /** Documents more (or less) in which it is a full name. */
  readonly documents: number;
  /** Of those the ones where it is the name of a local entity with the entity's own id. */
  readonly own: number;
  /** Mentions more (or less) with this surface. */
  readonly mentions: number;
}

/** Adds to the counts of names; rows whose counts reach zero are removed by `refresh`. */
export async function countNames(
  connection: Connection,
  pacer: Pacer,
  changes: readonly NameChange[],
): Promise<void> {
  await bulkInsert(
    connection,
    pacer,
    'names (entity_key, name, normalised, documents, own, mentions)',
    changes.map(({ entityKey, name, documents, own, mentions }) => [
      ...[entityKey, name, normaliseName(name), documents, own, mentions],
    ]),
    `ON CONFLICT (entity_key, name) DO UPDATE SET documents = documents + excluded.documents,
       own = own + excluded.own, mentions = mentions + excluded.mentions`,
  );
}

function nameCounts({
  entity,
  target,
  surfaces,
  keys: { entity: entityKey },
}: EntityTally & { readonly keys: LocalKeys }): NameChange[] {
  const own = entity.id === target.id ? 1 : 0;
  return [
    { entityKey, name: entity.name, documents: 1, own, mentions: 0 },
    ...[...surfaces].map(([name, mentions]) => ({ entityKey, name, documents: 0, own: 0, mentions })),
  ];
}

async function insertMentions(
  connection: Connection,
  pacer: Pacer,
  documentKey: number,
  { mentions }: ExtractedDocument,
  sentences: ReadonlyMap<SentenceId, number>,
  locals: ReadonlyMap<EntityId, LocalKeys>,
): Promise<ReadonlyMap<MentionId, number>> {
  const first = nextKey(connection, 'mentions');
  await bulkInsert(
    connection,
    pacer,
    `mentions (key, id, document_key, sentence_key, start_offset, end_offset, text, type, score, origin,
       local_key, entity_key)`,
    mentions.map(({ id, sentenceId, start, end, text, type, score, origin, entityId }, place) => {
      const keys = entityId === null ? null : keyOf(locals, entityId);
      return [
        ...[first + place, id, documentKey, keyOf(sentences, sentenceId), start, end],
        ...[text, type, score, origin, keys?.local ?? null, keys?.entity ?? null],
      ];
    }),
  );
  return new Map(mentions.map(({ id }, place) => [id, first + place]));
}

/** Makes those triples that are missing, without evidence. @returns the keys of all, by id */
export async function ensureTriples(
  connection: Connection,
  pacer: Pacer,
  triples: readonly SupportedTriple[],
  entities: ReadonlyMap<EntityId, number>,
): Promise<ReadonlyMap<TripleId, number>> {
  const ids = triples.map(({ id }) => id);
  const keys = existingKeys(connection, 'triples', ids);
  const missing = triples.filter(({ id }) => !keys.has(id));
  const first = nextKey(connection, 'triples');
  for (const [place, { id }] of missing.entries()) keys.set(id, first + place);
  await bulkInsert(
    connection,
    pacer,
    `triples (key, id, subject_key, predicate, object_key, subject_type, object_type, confidence,
       evidence_count)`,
    missing.map((triple) => [
      ...[keyOf(keys, triple.id), triple.id, keyOf(entities, triple.subjectId), triple.predicate],
      ...[keyOf(entities, triple.objectId), triple.subjectType, triple.objectType, 0, 0],
    ]),
  );
  return keys;
}

interface KeysOfParts {
  readonly document: number;
  readonly sentences: ReadonlyMap<SentenceId, number>;
  readonly mentions: ReadonlyMap<MentionId, number>;
  readonly triples: ReadonlyMap<TripleId, number>;
}

async function insertPredictions(
  connection: Connection,
  pacer: Pacer,
  { predictions }: ExtractedDocument,
  { tripleOfPrediction, keepsVoters }: DocumentGraph,
  keys: KeysOfParts,
): Promise<void> {
  const first = nextKey(connection, 'predictions');
  await bulkInsert(
    connection,
    pacer,
    `predictions (key, id, document_key, sentence_key, subject_key, object_key, label, p, p_re, p_knn,
       confidence, profile, model, triple_key)`,
    predictions.map((prediction, place) => {
      const triple = tripleOfPrediction[place];
      return [
        ...[first + place, prediction.id, keys.document, keyOf(keys.sentences, prediction.sentenceId)],
        ...[
          keyOf(keys.mentions, prediction.subjectMentionId),
          keyOf(keys.mentions, prediction.objectMentionId),
        ],
        ...[prediction.label, prediction.p, prediction.pRe, prediction.pKnn, prediction.confidence],
        ...[prediction.profile, prediction.model, triple ? keyOf(keys.triples, triple.id) : null],
      ];
    }),
  );
  await bulkInsert(
    connection,
    pacer,
    'vectors (prediction_key, representation, classifier)',
    predictions.map(({ representation, classifier }, place) => [first + place, representation, classifier]),
  );
  // Of a pair without a relation the voters can be found again from its representation: not worth their room.
  const evidence = predictions.flatMap(({ neighbours }, place) =>
    keepsVoters[place] ? [{ predictionKey: first + place, neighbours }] : [],
  );
  await insertNeighbours(connection, pacer, evidence);
}

function existingKeys<Id extends string>(
  connection: Connection,
  table: 'entities' | 'triples',
  ids: readonly Id[],
): Map<Id, number> {
  const rows = connection.all<{ id: Id; key: number }>(
    `SELECT id, key FROM ${table} WHERE id IN (SELECT value FROM json_each(?))`,
    [JSON.stringify(ids)],
  );
  return new Map(rows.map(({ id, key }) => [id, key]));
}

/** The key of a part that `documentGraph` has found to be there. */
function keyOf<Id extends string, Key>(keys: ReadonlyMap<Id, Key>, id: Id): Key {
  const key = keys.get(id);
  if (key === undefined) throw new Error(`${id} has no key`);
  return key;
}
