import { aggregateConfidence } from '../../domain/confidence.js';
import { mostFrequentName, type NameCount } from '../../domain/entity-name.js';
import { normaliseName } from '../../domain/identity.js';
import type { Connection } from './connection.js';
import type { Pacer } from './pacer.js';

/** Keys of shared rows that a transaction touched: what they are derived from has changed. */
export class Touched {
  readonly triples = new Set<number>();
  readonly entities = new Set<number>();
  readonly voters = new Set<number>();
}

export interface Removed {
  readonly triples: number;
  readonly entities: number;
}

/** Keys of one statement's list. */
const SLICE = 500;

/**
 * Brings everything derived up to date, inside the transaction that changed what it derives from: triples'
 * confidence and entities' names; what nothing supports any more is removed. Reads rows alone, so the outcome
 * depends on the documents that are there and not on the order in which they came.
 */
export async function refresh(connection: Connection, pacer: Pacer, touched: Touched): Promise<Removed> {
  let triples = 0;
  let entities = 0;
  for (const keys of slices(touched.triples)) {
    triples += refreshTriples(connection, keys);
    await pacer.breathe();
  }
  for (const keys of slices(touched.voters)) {
    connection.run(
      `DELETE FROM voters WHERE key IN (SELECT value FROM json_each(?))
         AND NOT EXISTS (SELECT 1 FROM neighbours WHERE voter_key = voters.key)`,
      [JSON.stringify(keys)],
    );
    await pacer.breathe();
  }
  for (const keys of slices(touched.entities)) {
    entities += refreshEntities(connection, keys);
    await pacer.breathe();
  }
  return { triples, entities };
}

/** @returns number of triples removed: those without evidence that no curator decided on */
function refreshTriples(connection: Connection, keys: readonly number[]): number {
  const list = JSON.stringify(keys);
  const evidence = new Map<number, { sentenceId: string; confidence: number }[]>(
    keys.map((key) => [key, []]),
  );
  for (const row of connection.all<{ triple_key: number; sentence_key: number; confidence: number }>(
    `SELECT triple_key, sentence_key, confidence FROM predictions
     WHERE triple_key IN (SELECT value FROM json_each(?))`,
    [list],
  ))
    evidence.get(row.triple_key)?.push({ sentenceId: String(row.sentence_key), confidence: row.confidence });
  for (const [key, pieces] of evidence)
    connection.run('UPDATE triples SET confidence = ?, evidence_count = ? WHERE key = ?', [
      aggregateConfidence(pieces),
      pieces.length,
      key,
    ]);
  return connection.run(
    `DELETE FROM triples WHERE key IN (SELECT value FROM json_each(?))
       AND evidence_count = 0 AND status = 'unreviewed'`,
    [list],
  );
}

/** @returns number of entities removed: those without mentions that no remaining triple needs */
function refreshEntities(connection: Connection, keys: readonly number[]): number {
  const list = JSON.stringify(keys);
  const IN_LIST = 'IN (SELECT value FROM json_each(?))';
  connection.run(`DELETE FROM names WHERE entity_key ${IN_LIST} AND documents <= 0 AND mentions <= 0`, [
    list,
  ]);
  const removed = connection.run(
    `DELETE FROM entities WHERE key ${IN_LIST} AND mentions <= 0
       AND NOT EXISTS (SELECT 1 FROM triples WHERE subject_key = entities.key)
       AND NOT EXISTS (SELECT 1 FROM triples WHERE object_key = entities.key)`,
    [list],
  );
  for (const [key, { current, names }] of namesOf(connection, list)) {
    const name = mostFrequentName(names);
    if (name !== undefined && name !== current)
      connection.run('UPDATE entities SET name = ?, normalised = ? WHERE key = ?', [
        name,
        normaliseName(name),
        key,
      ]);
  }
  return removed;
}

/** Each entity's present name, and the full names that documents give it. */
function namesOf(
  connection: Connection,
  list: string,
): ReadonlyMap<number, { readonly current: string; readonly names: NameCount[] }> {
  const found = new Map<number, { current: string; names: NameCount[] }>();
  for (const { key, current, ...counted } of connection.all<NameCount & { key: number; current: string }>(
    `SELECT e.key, e.name AS current, n.name, n.documents AS count
     FROM entities e JOIN names n ON n.entity_key = e.key
     WHERE e.key IN (SELECT value FROM json_each(?)) AND n.documents > 0`,
    [list],
  )) {
    const entity = found.get(key) ?? { current, names: [] };
    found.set(key, entity);
    entity.names.push(counted);
  }
  return found;
}

function* slices(keys: ReadonlySet<number>): Generator<number[]> {
  const all = [...keys];
  for (let start = 0; start < all.length; start += SLICE) yield all.slice(start, start + SLICE);
}
