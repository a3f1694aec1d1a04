import { groupBy } from '../../domain/arrays.js';
import { aggregateConfidence } from '../../domain/confidence.js';
import type { PredictionId, TripleId } from '../../domain/identity.js';
import type { SupportedTriple } from '../document-graph.js';
import { columnsOf, eachRow, inTables, propertiesOf } from './batches.js';
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
 * relationship between its entities, and ties the evidence to all. What is new says at once what its evidence comes to;
 * what the others say now, `refresh` works out. Entities and predictions are there.
 *
 * @returns ids of those that were made
 */
export async function writeTriples(
  transaction: Neo4jTransaction,
  support: readonly Support[],
  types: RelationshipTypes,
): Promise<ReadonlySet<TripleId>> {
  const sorted = [...support].sort(({ triple: a }, { triple: b }) => (a.id < b.id ? -1 : 1));
  const made = await inTables<Support, { ids: readonly TripleId[] }>(
    transaction,
    WRITE_TRIPLES,
    sorted,
    BATCH,
    (batch) => tripleTables(batch, types),
    ({ pieces }) => Math.max(1, pieces.length),
  );
  return new Set(made.flatMap(({ ids }) => ids));
}

const TRIPLE = ['id', 'subjectId', 'subjectType', 'objectId', 'objectType'] as const;
/** Of node and relationship, for those who browse. */
const SAID = ['predicate', 'confidence', 'evidence', 'status'] as const;

// A node without predicate was made by the MERGE.
const WRITE_TRIPLES = `
  CALL () {
    ${eachRow('triples')}
    MERGE (t:Triple {id: $triples.id[row]})
    RETURN collect(t) AS triples
  }
  CALL (triples) {
    ${eachRow('triples')}
    WITH row, triples[row] AS t WHERE t.predicate IS NULL
    MATCH (subject:Entity {id: $triples.subjectId[row]})
    MATCH (object:Entity {id: $triples.objectId[row]})
    SET t = ${propertiesOf('triples', [...TRIPLE, ...SAID])}
    CREATE (subject)-[r:$($triples.type[row]) ${propertiesOf('triples', ['tripleId', ...SAID])}]->(object)
    RETURN collect(t.id) AS ids
  }
  CALL (triples) {
    ${eachRow('pieces')}
    MATCH (p:Prediction {id: $pieces.id[row]})
    WITH p, triples[$pieces.triple[row]] AS t
    CREATE (p)-[:SUPPORTS]->(t)
  }
  RETURN ids`;

function tripleTables(support: readonly Support[], types: RelationshipTypes) {
  return {
    triples: columnsOf(
      support.map(({ triple, pieces }) => ({
        ...{ ...triple, tripleId: triple.id, type: types.of(triple.predicate) },
        ...{ confidence: aggregateConfidence(pieces), evidence: int(pieces.length), status: 'unreviewed' },
      })),
    ),
    pieces: columnsOf(
      support.flatMap(({ pieces }, place) => pieces.map(({ id }) => ({ id, triple: int(place) }))),
    ),
  };
}
