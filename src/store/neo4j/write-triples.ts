import type { TripleId } from '../../domain/identity.js';
import type { SupportedTriple } from '../document-graph.js';
import { groupBy, inBatches } from './batches.js';
import { int, type Neo4jTransaction } from './connection.js';
import type { PreparedDocument } from './prepared.js';
import type { RelationshipTypes } from './vocabulary.js';

/** Rows of one statement. */
const BATCH = 2_000;

/**
 * Writes the triples that are missing, each as a node that evidence hangs on and as a relationship between its
 * entities, and ties the evidence to them. The entities are locked; `refresh` works out the confidences.
 */
export async function writeTriples(
  transaction: Neo4jTransaction,
  documents: readonly PreparedDocument[],
  existing: ReadonlySet<TripleId>,
  types: RelationshipTypes,
): Promise<void> {
  const triples = new Map(
    documents.flatMap(({ graph }) => graph.triples.map((triple) => [triple.id, triple])),
  );
  const missing = [...triples.values()].filter(({ id }) => !existing.has(id));
  await Promise.all([
    createTriples(transaction, missing, types),
    inBatches(transaction, WRITE_SUPPORT, supportRows(documents), BATCH),
  ]);
}

/** Makes those triples that are missing, without evidence. The entities are locked. */
export async function makeTriples(
  transaction: Neo4jTransaction,
  triples: readonly SupportedTriple[],
  types: RelationshipTypes,
): Promise<void> {
  const wanted = new Map(triples.map((triple) => [triple.id, triple]));
  const there = await inBatches<TripleId, { id: TripleId }>(
    transaction,
    'UNWIND $rows AS id MATCH (t:Triple {id: id}) RETURN id',
    [...wanted.keys()],
    BATCH,
  );
  for (const { id } of there) wanted.delete(id);
  await createTriples(transaction, [...wanted.values()], types);
}

async function createTriples(
  transaction: Neo4jTransaction,
  triples: readonly SupportedTriple[],
  types: RelationshipTypes,
): Promise<void> {
  const rows = triples.map((triple) => ({ ...triple, type: types.of(triple.predicate) }));
  await inBatches(transaction, WRITE_TRIPLES, rows, BATCH, { zero: int(0) });
}

const WRITE_TRIPLES = `
  UNWIND $rows AS row
  MATCH (subject:Entity {id: row.subjectId})
  MATCH (object:Entity {id: row.objectId})
  CREATE (:Triple {
    id: row.id, predicate: row.predicate, subjectId: row.subjectId, objectId: row.objectId,
    subjectType: row.subjectType, objectType: row.objectType,
    confidence: 0.0, evidence: $zero, status: 'unreviewed'
  })
  CREATE (subject)-[:$(row.type) {
    tripleId: row.id, predicate: row.predicate, confidence: 0.0, evidence: $zero, status: 'unreviewed'
  }]->(object)`;

const WRITE_SUPPORT = `
  UNWIND $rows AS row
  MATCH (t:Triple {id: row.tripleId})
  UNWIND row.predictionIds AS id
  MATCH (p:Prediction {id: id})
  CREATE (p)-[:SUPPORTS]->(t)`;

function supportRows(documents: readonly PreparedDocument[]) {
  const pieces = documents.flatMap(({ extracted, graph }) =>
    extracted.predictions.flatMap(({ id }, place) => {
      const triple = graph.tripleOfPrediction[place];
      return triple ? [{ tripleId: triple.id, predictionId: id }] : [];
    }),
  );
  return [...groupBy(pieces, ({ tripleId }) => tripleId)].map(([tripleId, ofTriple]) => ({
    tripleId,
    predictionIds: ofTriple.map(({ predictionId }) => predictionId),
  }));
}
