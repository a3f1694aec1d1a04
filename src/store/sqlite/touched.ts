import { aggregateConfidence } from '../../domain/confidence.js';
import { mostFrequentName, type NameCount } from '../../domain/entity-name.js';
import { normaliseName } from '../../domain/identity.js';
import { logChanges, notLogged, type LoggedChange } from './change-log.js';
import type { Connection } from './connection.js';
import type { Pacer } from './pacer.js';

/** Keys of shared rows that a transaction touched: what they are derived from has changed. */
export class Touched {
  readonly triples = new Set<number>();
  readonly entities = new Set<number>();
  readonly voters = new Set<number>();
  /** What the transaction's log of changes will say; `refresh` adds what it finds out, and writes it. */
  readonly changes: LoggedChange[] = [];
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
    triples += refreshTriples(connection, keys, touched);
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
    entities += refreshEntities(connection, keys, touched);
    await pacer.breathe();
  }
  await logChanges(connection, pacer, touched.changes);
  return { triples, entities };
}

/** @returns number of triples removed: those without evidence that no curator decided on */
function refreshTriples(connection: Connection, keys: readonly number[], touched: Touched): number {
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
  const removed = connection.all<{ id: string }>(
    `DELETE FROM triples WHERE key IN (SELECT value FROM json_each(?))
       AND evidence_count = 0 AND status = 'unreviewed' RETURNING id`,
    [list],
  );
  const left = connection.all<{ id: string }>(
    'SELECT id FROM triples WHERE key IN (SELECT value FROM json_each(?))',
    [list],
  );
  for (const { id } of removed) touched.changes.push({ kind: 'triple', id, removed: true });
  for (const { id } of left) touched.changes.push({ kind: 'triple', id, removed: false });
  return removed.length;
}

/** @returns number of entities removed: those without mentions that no remaining triple needs */
function refreshEntities(connection: Connection, keys: readonly number[], touched: Touched): number {
  const list = JSON.stringify(keys);
  const IN_LIST = 'IN (SELECT value FROM json_each(?))';
  connection.run(`DELETE FROM names WHERE entity_key ${IN_LIST} AND documents <= 0 AND mentions <= 0`, [
    list,
  ]);
  const removed = connection.all<{ id: string }>(
    `DELETE FROM entities WHERE key ${IN_LIST} AND mentions <= 0
       AND NOT EXISTS (SELECT 1 FROM triples WHERE subject_key = entities.key)
       AND NOT EXISTS (SELECT 1 FROM triples WHERE object_key = entities.key) RETURNING id`,
    [list],
  );
  for (const { id } of removed) touched.changes.push({ kind: 'entity', id, removed: true });
  const left = chosenNames(connection, list);
  const created = notLogged(
    connection,
    'entity',
    left.map(({ id }) => id),
  );
  for (const { key, id, current, name } of left) {
    if (name !== current)
      connection.run('UPDATE entities SET name = ?, normalised = ? WHERE key = ?', [
        name,
        normaliseName(name),
        key,
      ]);
    if (name !== current || created.has(id)) touched.changes.push({ kind: 'entity', id, removed: false });
  }
  return removed.length;
}

interface ChosenName {
  readonly key: number;
  readonly id: string;
  readonly current: string;
  readonly name: string;
}

/** By which name each entity is to go: a dictionary's, else its own most frequent one, else the one it was merged as. */
function chosenNames(connection: Connection, list: string): ChosenName[] {
  const own = new Map<number, NameCount[]>();
  for (const { key, ...counted } of connection.all<NameCount & { key: number }>(
    `SELECT entity_key AS key, name, own AS count FROM names
     WHERE entity_key IN (SELECT value FROM json_each(?)) AND own > 0`,
    [list],
  )) {
    const names = own.get(key) ?? [];
    own.set(key, names);
    names.push(counted);
  }
  return connection
    .all<{ key: number; id: string; current: string; known: string | null; merged: string | null }>(
      `SELECT e.key, e.id, e.name AS current,
         (SELECT k.name FROM known_entities k JOIN dictionaries d ON d.key = k.dictionary_key
          WHERE k.entity_id = e.id ORDER BY d.name, k.position LIMIT 1) AS known,
         (SELECT min(into_name) FROM merges WHERE into_id = e.id AND undone_at IS NULL) AS merged
       FROM entities e WHERE e.key IN (SELECT value FROM json_each(?))`,
      [list],
    )
    .map(({ key, id, current, known, merged }) => ({
      key,
      id,
      current,
      name: known ?? mostFrequentName(own.get(key) ?? []) ?? merged ?? current,
    }));
}

function* slices(keys: ReadonlySet<number>): Generator<number[]> {
  const all = [...keys];
  for (let start = 0; start < all.length; start += SLICE) yield all.slice(start, start + SLICE);
}
