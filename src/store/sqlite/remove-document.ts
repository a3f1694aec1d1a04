import type { Connection } from './connection.js';
import type { Pacer } from './pacer.js';
import type { Touched } from './touched.js';
import { countNames } from './write-entities.js';

/** Predictions that one statement deletes, with their vectors and neighbours. */
const SLICE = 500;

/**
 * Removes all that a document brought, but not the document itself, and lowers what it shared; `refresh` then
 * removes what nothing supports any more.
 */
export async function removeContent(
  connection: Connection,
  pacer: Pacer,
  documentKey: number,
  touched: Touched,
): Promise<void> {
  markTouched(connection, documentKey, touched);
  await uncountNames(connection, pacer, documentKey);
  connection.run(
    `UPDATE entities SET mentions = entities.mentions - l.mentions FROM (
       SELECT entity_key, sum(mentions) AS mentions FROM local_entities WHERE document_key = ? GROUP BY entity_key
     ) l WHERE l.entity_key = entities.key`,
    [documentKey],
  );
  connection.run('DELETE FROM local_entities WHERE document_key = ?', [documentKey]);
  const deletePredictions = `DELETE FROM predictions
    WHERE key IN (SELECT key FROM predictions WHERE document_key = ? LIMIT ${SLICE})`;
  while (connection.run(deletePredictions, [documentKey]) > 0) await pacer.breathe();
  connection.run('DELETE FROM mentions WHERE document_key = ?', [documentKey]);
  await pacer.breathe();
  connection.run('DELETE FROM sentences WHERE document_key = ?', [documentKey]);
}

function markTouched(connection: Connection, documentKey: number, touched: Touched): void {
  const mark = (set: Set<number>, sql: string) => {
    for (const { key } of connection.all<{ key: number }>(sql, [documentKey])) set.add(key);
  };
  mark(
    touched.triples,
    `SELECT DISTINCT triple_key AS key FROM predictions WHERE document_key = ? AND triple_key IS NOT NULL`,
  );
  mark(
    touched.voters,
    `SELECT DISTINCT n.voter_key AS key FROM predictions p JOIN neighbours n ON n.prediction_key = p.key
     WHERE p.document_key = ? AND p.label <> 'NIL'`,
  );
  mark(touched.entities, 'SELECT DISTINCT entity_key AS key FROM local_entities WHERE document_key = ?');
}

async function uncountNames(connection: Connection, pacer: Pacer, documentKey: number): Promise<void> {
  const names = connection.all<{ entityKey: number; name: string; own: number }>(
    `SELECT l.entity_key AS entityKey, l.name, l.id = e.id AS own
     FROM local_entities l JOIN entities e ON e.key = l.entity_key WHERE l.document_key = ?`,
    [documentKey],
  );
  const surfaces = connection.all<{ entityKey: number; name: string; mentions: number }>(
    `SELECT entity_key AS entityKey, text AS name, count(*) AS mentions FROM mentions
     WHERE document_key = ? AND entity_key IS NOT NULL AND type <> 'PRON' GROUP BY entity_key, text`,
    [documentKey],
  );
  await countNames(connection, pacer, [
    ...names.map((name) => ({ ...name, documents: -1, own: -name.own, mentions: 0 })),
    ...surfaces.map((surface) => ({ ...surface, documents: 0, own: 0, mentions: -surface.mentions })),
  ]);
}
