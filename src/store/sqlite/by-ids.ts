import type { Connection, SqlValue } from './connection.js';

/** SQL for "is one of the ids"; takes one parameter, `idList(ids)`. */
export const IN_IDS = 'IN (SELECT value FROM json_each(?))';

/** SQL for "is one of the entity ids, or what one of them is redirected to"; takes one parameter, `idList(ids)`. */
export const IN_ENTITY_IDS = `IN (SELECT coalesce(r.to_id, w.value)
  FROM json_each(?) w LEFT JOIN redirects r ON r.from_id = w.value)`;

export function idList(ids: readonly string[]): string {
  return JSON.stringify(ids);
}

/**
 * Reads what has one of the ids, in one statement.
 * @param sql selects rows with an `id`; has one parameter, the ids
 * @returns in the order of the ids, null where there is nothing
 */
export function readByIds<Row extends { readonly id: string }, Node>(
  connection: Connection,
  sql: string,
  ids: readonly string[],
  nodeOf: (row: Row) => Node,
): (Node | null)[] {
  if (ids.length === 0) return [];
  const found = new Map(connection.all<Row>(sql, [idList(ids)]).map((row) => [row.id, nodeOf(row)]));
  return ids.map((id) => found.get(id) ?? null);
}

/**
 * Reads what belongs to each of the owners, in one statement.
 * @param sql selects rows with an `owner`, in the order that each owner's are to have; its first parameter is the
 *   owners' ids
 * @returns in the order of the owners, empty where there is nothing
 */
export function readByOwners<Row, Node>(
  connection: Connection,
  sql: string,
  owners: readonly string[],
  nodeOf: (row: Row) => Node,
  params: readonly SqlValue[] = [],
): Node[][] {
  if (owners.length === 0) return [];
  const grouped = new Map<string, Node[]>();
  for (const row of connection.all<Row & { readonly owner: string }>(sql, [idList(owners), ...params])) {
    const nodes = grouped.get(row.owner) ?? [];
    grouped.set(row.owner, nodes);
    nodes.push(nodeOf(row));
  }
  return owners.map((owner) => [...(grouped.get(owner) ?? [])]);
}
