import type { Connection, SqlValue } from './connection.js';
import type { Pacer } from './pacer.js';

/** Rows of one statement: few shapes, so that few statements are kept; many rows, since each call costs. */
const BATCH_SIZES = [64, 8, 1] as const;

/**
 * Inserts rows in batches.
 *
 * @param target table with its columns: `triples (key, id)`
 * @param onConflict clause after the values: `ON CONFLICT (…) DO UPDATE SET …`
 */
export async function bulkInsert(
  connection: Connection,
  pacer: Pacer,
  target: string,
  rows: readonly (readonly SqlValue[])[],
  onConflict = '',
): Promise<void> {
  const width = rows[0]?.length ?? 0;
  const row = `(${Array(width).fill('?').join(',')})`;
  let next = 0;
  for (const size of BATCH_SIZES) {
    const sql = `INSERT INTO ${target} VALUES ${Array(size).fill(row).join(',')} ${onConflict}`;
    for (; next + size <= rows.length; next += size) {
      connection.run(sql, rows.slice(next, next + size).flat() as SqlValue[]);
      await pacer.breathe();
    }
  }
}

/** The first of a run of fresh keys of a table. Only inside a write transaction, where nobody else takes one. */
export function nextKey(connection: Connection, table: string, column = 'key'): number {
  const row = connection.first<{ next: number }>(
    `SELECT coalesce(max(${column}), 0) + 1 AS next FROM ${table}`,
  );
  return row?.next ?? 1;
}
