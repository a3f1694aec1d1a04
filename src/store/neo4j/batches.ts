import { inSlices } from '../../domain/chunks.js';
import type { Neo4jParams, Neo4jTransaction } from './connection.js';

/**
 * Runs a statement over rows, `UNWIND $rows`, a batch at a time. The batches travel without waiting for one another,
 * in their order, and before whatever is run next on the transaction.
 */
export async function inBatches<Row = unknown, Result = Record<string, unknown>>(
  transaction: Neo4jTransaction,
  statement: string,
  rows: readonly Row[],
  size: number,
  params: Neo4jParams = {},
): Promise<Result[]> {
  const batches: Promise<Result[]>[] = [];
  for (let start = 0; start < rows.length; start += size)
    batches.push(transaction.run<Result>(statement, { ...params, rows: rows.slice(start, start + size) }));
  return (await Promise.all(batches)).flat();
}

/**
 * As `inBatches`, where rows differ much in size: a batch ends before its weights add up to more than `weight`, a row
 * that alone weighs more is a batch of its own.
 */
export async function inWeighedBatches<Row>(
  transaction: Neo4jTransaction,
  statement: string,
  rows: readonly Row[],
  weight: number,
  weightOf: (row: Row) => number,
): Promise<void> {
  const batches = [...inSlices(rows, weight, weightOf)];
  await Promise.all(batches.map((batch) => transaction.run(statement, { rows: batch })));
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
