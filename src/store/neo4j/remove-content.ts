import type { DocumentId, EntityId, TripleId } from '../../domain/identity.js';
import { sortedIds } from './batches.js';
import type { Neo4jTransaction } from './connection.js';
import { countNames, type NameChange, type TypedEntity } from './write-entities.js';

/** What documents have brought, as far as others share it. */
export interface Brought {
  readonly entities: readonly TypedEntity[];
  readonly triples: readonly TripleId[];
  /** Memory entries that voted, with the number of predictions that each voted for. */
  readonly entries: ReadonlyMap<string, number>;
}

/** What the stored revisions of documents have brought. The documents are locked. */
export async function broughtBy(transaction: Neo4jTransaction, ids: readonly DocumentId[]): Promise<Brought> {
  const [entities, triples, entries] = await Promise.all([
    transaction.run<TypedEntity>(
      `MATCH (d:Document)-[:SPEAKS_OF]->(e:Entity) WHERE d.id IN $ids
       RETURN DISTINCT e.id AS id, e.type AS type`,
      { ids },
    ),
    transaction.run<{ id: TripleId }>(
      `MATCH (d:Document)-[:HAS_SENTENCE]->()-[:HAS_PREDICTION]->()-[:SUPPORTS]->(t:Triple)
       WHERE d.id IN $ids RETURN DISTINCT t.id AS id`,
      { ids },
    ),
    transaction.run<{ id: string; votes: number }>(
      `MATCH (d:Document)-[:HAS_SENTENCE]->()-[:HAS_PREDICTION]->(p:Prediction)
       WHERE d.id IN $ids
       UNWIND coalesce(p.voters, COLLECT { MATCH (m:MemoryEntry)-[:VOTED_FOR]->(p) RETURN m.id }) AS id
       RETURN id, count(DISTINCT p) AS votes`,
      { ids },
    ),
  ]);
  return {
    entities,
    triples: triples.map(({ id }) => id),
    entries: new Map(entries.map(({ id, votes }) => [id, votes])),
  };
}

/**
 * Removes all that documents brought, but not the documents themselves, and lowers what they shared; `refresh` then
 * removes what nothing supports any more. Documents and entities are locked.
 */
export async function removeContent(
  transaction: Neo4jTransaction,
  ids: readonly DocumentId[],
): Promise<void> {
  const params = { ids: sortedIds(ids) };
  const [surfaces, fullNames] = await Promise.all([
    transaction.run<{ entityId: EntityId; name: string; count: number }>(READ_SURFACES, params),
    transaction.run<{ entityId: EntityId; name: string; count: number; own: number }>(
      READ_FULL_NAMES,
      params,
    ),
  ]);
  const changes: NameChange[] = [
    ...surfaces.map(({ count, ...name }) => ({ ...name, documents: 0, own: 0, mentions: -count })),
    ...fullNames.map(({ count, own, ...name }) => ({ ...name, documents: -count, own: -own, mentions: 0 })),
  ];
  await Promise.all([
    countNames(transaction, changes),
    transaction.run(LOWER_MENTIONS, params),
    transaction.run(REMOVE_PREDICTIONS, params),
    transaction.run(REMOVE_SENTENCES, params),
  ]);
}

const READ_SURFACES = `
  MATCH (d:Document)-[:HAS_SENTENCE]->()-[:HAS_MENTION]->(m:Mention)-[:REFERS_TO]->(e:Entity)
  WHERE d.id IN $ids AND m.type <> 'PRON'
  RETURN e.id AS entityId, m.text AS name, count(*) AS count`;

const READ_FULL_NAMES = `
  MATCH (d:Document)-[s:SPEAKS_OF]->(e:Entity)
  WHERE d.id IN $ids
  RETURN e.id AS entityId, s.name AS name, count(*) AS count,
    sum(CASE WHEN s.localId = e.id THEN 1 ELSE 0 END) AS own`;

const LOWER_MENTIONS = `
  MATCH (d:Document)-[s:SPEAKS_OF]->(e:Entity)
  WHERE d.id IN $ids
  WITH e, sum(s.mentions) AS mentions, collect(s) AS links
  SET e.mentions = e.mentions - mentions
  FOREACH (link IN links | DELETE link)`;

const REMOVE_PREDICTIONS = `
  MATCH (d:Document)-[:HAS_SENTENCE]->()-[:HAS_PREDICTION]->(p:Prediction)
  WHERE d.id IN $ids
  DETACH DELETE p`;

const REMOVE_SENTENCES = `
  MATCH (d:Document)-[:HAS_SENTENCE]->(s:Sentence)
  WHERE d.id IN $ids
  OPTIONAL MATCH (s)-[:HAS_MENTION]->(m:Mention)
  DETACH DELETE m, s`;
