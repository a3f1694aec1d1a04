import { inSlices } from '../../domain/chunks.js';
import type { Integer } from 'neo4j-driver';
import { int, type Neo4jParams, type Neo4jTransaction } from './connection.js';

/**
 * Runs a statement over rows, a batch at a time. The batches travel without waiting for one another, in their order, and
 * before whatever is run next on the transaction.
 *
 * @param size what a batch may weigh; a row that alone weighs more is a batch of its own
 * @param paramsOf what the statement takes for a batch
 * @param weightOf a row, where rows differ much
 */
export async function inTables<Row, Result = Record<string, unknown>>(
  transaction: Neo4jTransaction,
  statement: string,
  rows: readonly Row[],
  size: number,
  paramsOf: (batch: readonly Row[]) => Neo4jParams,
  weightOf: (row: Row) => number = () => 1,
): Promise<Result[]> {
  const batches = [...inSlices(rows, size, weightOf)];
  const results = await Promise.all(
    batches.map((batch) => transaction.run<Result>(statement, paramsOf(batch))),
  );
  return results.flat();
}

/** The same for a statement that takes its rows as they are: `UNWIND $rows`. */
export function inBatches<Row = unknown, Result = Record<string, unknown>>(
  transaction: Neo4jTransaction,
  statement: string,
  rows: readonly Row[],
  size: number,
  params: Neo4jParams = {},
): Promise<Result[]> {
  return inTables(transaction, statement, rows, size, (batch) => ({ ...params, rows: batch }));
}

/** A table whose names travel once: of rows as maps they are half of what is packed, sent and unpacked. */
export type Columns<Row> = { readonly [Name in keyof Row]?: readonly Row[Name][] };

/** A row that has the named columns. */
export type RowOf<Names extends readonly string[]> = Readonly<Record<Names[number], unknown>>;

/** Rows of one shape by column, for `$table.name[row]`. Without rows there are no columns. */
export function columnsOf<Row extends object>(rows: readonly Row[]): Columns<Row> {
  const columns: Partial<Record<keyof Row, readonly Row[keyof Row][]>> = {};
  for (const name of Object.keys(rows[0] ?? {}) as (keyof Row)[])
    columns[name] = rows.map((row) => row[name]);
  return columns as Columns<Row>;
}

/** Where each thing stands in a list that a statement makes of them. */
export function placesOf<Id>(ids: readonly Id[]): ReadonlyMap<Id, Integer> {
  return new Map(ids.map((id, place) => [id, int(place)]));
}

/** Cypher: each place of the table that a parameter holds, as `row`. */
export function eachRow(table: string, column = 'id'): string {
  return `UNWIND range(0, coalesce(size($${table}.${column}), 0) - 1) AS row`;
}

/** Cypher: properties of the table's row, named like their columns. */
export function propertiesOf(table: string, columns: readonly string[]): string {
  return `{${columns.map((name) => `${name}: $${table}.${name}[row]`).join(', ')}}`;
}

/** Ids in the order in which every transaction locks them. */
export function sortedIds<Id extends string>(ids: Iterable<Id>): Id[] {
  return [...new Set(ids)].sort();
}
