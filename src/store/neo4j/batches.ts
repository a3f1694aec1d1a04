import { inSlices } from '../../domain/chunks.js';
import type { Neo4jParams, Neo4jTransaction } from './connection.js';

/**
 * Runs a statement over rows, `UNWIND $rows`, a batch at a time. The batches travel without waiting for one another,
 * in their order, and before whatever is run next on the transaction.
 *
 * @param size what a batch may weigh; a row that alone weighs more is a batch of its own
 * @param weightOf a row, where rows differ much
 */
export async function inBatches<Row = unknown, Result = Record<string, unknown>>(
  transaction: Neo4jTransaction,
  statement: string,
  rows: readonly Row[],
  size: number,
  params: Neo4jParams = {},
  weightOf: (row: Row) => number = () => 1,
): Promise<Result[]> {
  const batches = [...inSlices(rows, size, weightOf)];
  const results = await Promise.all(
    batches.map((batch) => transaction.run<Result>(statement, { ...params, rows: batch })),
  );
  return results.flat();
}

/** Ids in the order in which every transaction locks them. */
export function sortedIds<Id extends string>(ids: Iterable<Id>): Id[] {
  return [...new Set(ids)].sort();
}

/** Groups of what has the same key, in the order of first appearance. */
export function groupBy<Item, Key>(items: Iterable<Item>, keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
