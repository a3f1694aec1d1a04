import type { Neo4jConnection, Neo4jParams } from './connection.js';

/**
 * Reads what has one of the ids, in one statement.
 * @param statement returns a `node` with an `id`; takes `$ids`
 * @returns in the order of the ids, null where there is nothing
 */
export async function readByIds<Row extends { readonly id: string }, Node>(
  connection: Neo4jConnection,
  statement: string,
  ids: readonly string[],
  nodeOf: (row: Row) => Node,
): Promise<(Node | null)[]> {
  if (ids.length === 0) return [];
  const rows = await connection.read<{ node: Row }>(statement, { ids: [...new Set(ids)] });
  const found = new Map(rows.map(({ node }) => [node.id, nodeOf(node)]));
  return ids.map((id) => found.get(id) ?? null);
}

/**
 * Reads what belongs to each of the owners, in one statement.
 * @param statement returns an `owner` and a `node`, in the order that each owner's are to have; takes `$ids`
 * @returns in the order of the owners, empty where there is nothing
 */
export async function readByOwners<Row, Node>(
  connection: Neo4jConnection,
  statement: string,
  owners: readonly string[],
  nodeOf: (row: Row) => Node,
  params: Neo4jParams = {},
): Promise<Node[][]> {
  if (owners.length === 0) return [];
  const rows = await connection.read<{ owner: string; node: Row }>(statement, {
    ...params,
    ids: [...new Set(owners)],
  });
  const grouped = new Map<string, Node[]>();
  for (const { owner, node } of rows) {
    const nodes = grouped.get(owner) ?? [];
    grouped.set(owner, nodes);
    nodes.push(nodeOf(node));
  }
  return owners.map((owner) => [...(grouped.get(owner) ?? [])]);
}
