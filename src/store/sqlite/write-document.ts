import type { EntityId, MentionId, SentenceId, TripleId } from '../../domain/identity.js';
import type { ExtractedDocument } from '../../domain/model.js';
import type { DocumentGraph, SupportedTriple } from '../document-graph.js';
import { bulkInsert, nextKey } from './bulk-insert.js';
import type { Connection } from './connection.js';
import { existingKeys, keyOf } from './keys.js';
import type { Pacer } from './pacer.js';
import { indexSentences } from './sentence-index.js';
import type { Touched } from './touched.js';
import { insertEntities, type LocalKeys } from './write-entities.js';
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
