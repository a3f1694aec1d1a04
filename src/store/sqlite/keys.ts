import type { Connection } from './connection.js';

/** The keys of those that are there. */
export function existingKeys<Id extends string>(
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
export function keyOf<Id extends string, Key>(keys: ReadonlyMap<Id, Key>, id: Id): Key {
  const key = keys.get(id);
  if (key === undefined) throw new Error(`${id} has no key`);
  return key;
}
