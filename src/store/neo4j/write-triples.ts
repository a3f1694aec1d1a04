import { aggregateConfidence } from '../../domain/confidence.js';
import type { PredictionId, TripleId } from '../../domain/identity.js';
import type { SupportedTriple } from '../document-graph.js';
import { groupBy, inBatches } from './batches.js';
import { int, type Neo4jTransaction } from './connection.js';
import type { PreparedDocument } from './prepared.js';
import type { RelationshipTypes } from './vocabulary.js';

/** Rows of one statement. */
const BATCH = 250;

/** A triple, and evidence that a transaction brings for it. */
export interface Support {
  readonly triple: SupportedTriple;
  readonly pieces: readonly {
    readonly id: PredictionId;
    readonly sentenceId: string;
    readonly confidence: number;
  }[];
}

/** What documents say of triples, each triple once. */
export function supportOf(documents: readonly PreparedDocument[]): Support[] {
  const pieces = documents.flatMap(({ extracted, graph }) =>
    extracted.predictions.flatMap(({ id, sentenceId, confidence }, place) => {
      const triple = graph.tripleOfPrediction[place];
      return triple ? [{ triple, piece: { id, sentenceId, confidence: confidence ?? 0 } }] : [];
    }),
  );
  return [...groupBy(pieces, ({ triple }) => triple.id).values()].flatMap((ofTriple) => {
    const [first] = ofTriple;
    return first ? [{ triple: first.triple, pieces: ofTriple.map(({ piece }) => piece) }] : [];
  });
}

/**
 * Makes the triples that are missing, in the order of their ids, each as a node that evidence hangs on and as a
 * relationship between its entities. They count the given evidence as if it were tied to them already. The entities
 * are there.
 *
 * @returns ids of those that were made
 */
export async function makeTriples(
  transaction: Neo4jTransaction,
  support: readonly Support[],
  types: RelationshipTypes,
): Promise<ReadonlySet<TripleId>> {
  const rows = support
    .map(({ triple, pieces }) => ({
      ...{ triple, type: types.of(triple.predicate) },
      said: { confidence: aggregateConfidence(pieces), evidence: int(pieces.length), status: 'unreviewed' },
    }))
    .sort((a, b) => (a.triple.id < b.triple.id ? -1 : 1));
  const made = await inBatches<unknown, { id: TripleId }>(transaction, MAKE_TRIPLES, rows, BATCH);
  return new Set(made.map(({ id }) => id));
}

// A node without predicate was made by the MERGE.
const MAKE_TRIPLES = `
  UNWIND $rows AS row
  MERGE (t:Triple {id: row.triple.id})
  WITH t, row WHERE t.predicate IS NULL
  MATCH (subject:Entity {id: row.triple.subjectId})
  MATCH (object:Entity {id: row.triple.objectId})
  SET t += row.triple, t += row.said
  CREATE (subject)-[r:$(row.type) {tripleId: row.triple.id, predicate: row.triple.predicate}]->(object)
  SET r += row.said
  RETURN row.triple.id AS id`;

/** Ties evidence to its triples. Both are there; what those triples say now that were there, `refresh` works out. */
export async function tieEvidence(transaction: Neo4jTransaction, support: readonly Support[]): Promise<void> {
  const rows = support.map(({ triple, pieces }) => ({
    tripleId: triple.id,
    predictionIds: pieces.map(({ id }) => id),
  }));
  await inBatches(transaction, TIE_EVIDENCE, rows, BATCH);
}

const TIE_EVIDENCE = `
  UNWIND $rows AS row
  MATCH (t:Triple {id: row.tripleId})
  UNWIND row.predictionIds AS id
  MATCH (p:Prediction {id: id})
  CREATE (p)-[:SUPPORTS]->(t)`;
