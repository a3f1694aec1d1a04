import type { DocumentId } from '../../domain/identity.js';
import type { ExtractedDocument, LocalEntity, Mention } from '../../domain/model.js';
import { readByOwners } from './by-ids.js';
import type { Neo4jConnection } from './connection.js';
import * as documents from './read-documents.js';
import { neighboursOfPredictions } from './read-triples.js';
import * as rows from './rows.js';

/** `GraphQueries.extractedDocuments`. */
export async function extractedDocuments(
  connection: Neo4jConnection,
  ids: readonly DocumentId[],
): Promise<(ExtractedDocument | null)[]> {
  const [heads, sentences, mentions, entities, predictions] = await Promise.all([
    documents.documentsById(connection, ids),
    documents.sentencesOfDocuments(connection, ids),
    localMentions(connection, ids),
    localEntities(connection, ids),
    documents.predictionsOfDocuments(connection, ids),
  ]);
  const predictionIds = predictions.flat().map(({ id }) => id);
  const neighbours = (await neighboursOfPredictions(connection, predictionIds)).values();
  const withVoters = predictions.map((ofDocument) =>
    ofDocument.map((prediction) => ({ ...prediction, neighbours: neighbours.next().value ?? [] })),
  );
  return heads.map(
    (document, place) =>
      document && {
        document,
        sentences: sentences[place] ?? [],
        mentions: mentions[place] ?? [],
        entities: entities[place] ?? [],
        predictions: withVoters[place] ?? [],
      },
  );
}

type LocalEntityNode = Omit<rows.EntityNode, 'externalIds'>;

/** Entities as each document shows them, whatever they were merged into. */
function localEntities(connection: Neo4jConnection, ids: readonly DocumentId[]): Promise<LocalEntity[][]> {
  const statement = `MATCH (d:Document)-[l:SPEAKS_OF]->(:Entity) WHERE d.id IN $ids
    RETURN d.id AS owner, l {id: l.localId, .type, .name, .dateIso, .datePrecision} AS node ORDER BY l.localId`;
  return readByOwners(connection, statement, ids, (node: LocalEntityNode): LocalEntity => {
    const { id, type, name, dateIso: iso, datePrecision: precision } = node;
    return { id, type, name, date: iso === null || precision === null ? null : { iso, precision } };
  });
}

/** Mentions with the local entity that each refers to. */
function localMentions(connection: Neo4jConnection, ids: readonly DocumentId[]): Promise<Mention[][]> {
  const statement = `MATCH ${rows.MENTION_MATCH} WHERE d.id IN $ids
    RETURN d.id AS owner, ${rows.MENTION.replace('e.id', 'm.localId')} ORDER BY m.start, m.end`;
  return readByOwners(connection, statement, ids, rows.mentionOf);
}
