import {
  normaliseName,
  type EntityId,
  type MentionId,
  type SentenceId,
  type TripleId,
} from '../../domain/identity.js';
import type { ExtractedDocument } from '../../domain/model.js';
import type { DocumentGraph, EntityTally } from '../document-graph.js';
import { bulkInsert, nextKey } from './bulk-insert.js';
import type { Connection } from './connection.js';
import type { Pacer } from './pacer.js';
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
  const entities = await insertEntities(connection, pacer, documentKey, graph);
  for (const key of entities.values()) touched.entities.add(key);
  const mentions = await insertMentions(connection, pacer, documentKey, extracted, sentences, entities);
  const triples = await insertTriples(connection, pacer, graph, entities);
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
  { sentences }: ExtractedDocument,
): Promise<ReadonlyMap<SentenceId, number>> {
  const first = nextKey(connection, 'sentences');
  await bulkInsert(
    connection,
    pacer,
    'sentences (key, id, document_key, position, start_offset, end_offset)',
    sentences.map(({ id, index, start, end }, place) => [first + place, id, documentKey, index, start, end]),
  );
  return new Map(sentences.map(({ id }, place) => [id, first + place]));
}

async function insertEntities(
  connection: Connection,
  pacer: Pacer,
  documentKey: number,
  { entities }: DocumentGraph,
): Promise<ReadonlyMap<EntityId, number>> {
  const ids = entities.map(({ entity }) => entity.id);
  const keys = existingKeys(connection, 'entities', ids);
  let next = nextKey(connection, 'entities');
  for (const id of ids) if (!keys.has(id)) keys.set(id, next++);
  const keyed = entities.map((tally) => ({ ...tally, key: keyOf(keys, tally.entity.id) }));

  await bulkInsert(
    connection,
    pacer,
    'entities (key, id, type, name, normalised, date_iso, date_precision, mentions)',
    keyed.map(({ key, entity: { id, type, name, date }, mentions }) => [
      ...[key, id, type, name, normaliseName(name)],
      ...[date?.iso ?? null, date?.precision ?? null, mentions],
    ]),
    'ON CONFLICT (key) DO UPDATE SET mentions = mentions + excluded.mentions',
  );
  await bulkInsert(
    connection,
    pacer,
    'document_entities (document_key, entity_key, name, mentions)',
    keyed.map(({ key, entity, mentions }) => [documentKey, key, entity.name, mentions]),
  );
  await countNames(connection, pacer, keyed.flatMap(nameCounts));
  return keys;
}

export interface NameChange {
  readonly entityKey: number;
  readonly name: string;
  /** Documents more (or less) in which it is the full name. */
  readonly documents: number;
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
    'names (entity_key, name, normalised, documents, mentions)',
    changes.map(({ entityKey, name, documents, mentions }) => [
      entityKey,
      name,
      normaliseName(name),
      documents,
      mentions,
    ]),
    `ON CONFLICT (entity_key, name) DO UPDATE SET
       documents = documents + excluded.documents, mentions = mentions + excluded.mentions`,
  );
}

function nameCounts({ key, entity, surfaces }: EntityTally & { readonly key: number }): NameChange[] {
  return [
    { entityKey: key, name: entity.name, documents: 1, mentions: 0 },
    ...[...surfaces].map(([name, mentions]) => ({ entityKey: key, name, documents: 0, mentions })),
  ];
}

async function insertMentions(
  connection: Connection,
  pacer: Pacer,
  documentKey: number,
  { mentions }: ExtractedDocument,
  sentences: ReadonlyMap<SentenceId, number>,
  entities: ReadonlyMap<EntityId, number>,
): Promise<ReadonlyMap<MentionId, number>> {
  const first = nextKey(connection, 'mentions');
  await bulkInsert(
    connection,
    pacer,
    `mentions (key, id, document_key, sentence_key, start_offset, end_offset, text, type, score, origin,
       entity_key)`,
    mentions.map(({ id, sentenceId, start, end, text, type, score, origin, entityId }, place) => [
      ...[first + place, id, documentKey, keyOf(sentences, sentenceId), start, end],
      ...[text, type, score, origin, entityId === null ? null : keyOf(entities, entityId)],
    ]),
  );
  return new Map(mentions.map(({ id }, place) => [id, first + place]));
}

async function insertTriples(
  connection: Connection,
  pacer: Pacer,
  { triples }: DocumentGraph,
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
  { tripleOfPrediction }: DocumentGraph,
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
    tripleOfPrediction[place] ? [{ predictionKey: first + place, neighbours }] : [],
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
function keyOf<Id extends string>(keys: ReadonlyMap<Id, number>, id: Id): number {
  const key = keys.get(id);
  if (key === undefined) throw new Error(`${id} has no key`);
  return key;
}
