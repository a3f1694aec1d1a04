import type { SqliteDatabase } from '../../store/sqlite/database.js';
import { DAY, type Retention } from '../retention.js';

/** Removes jobs that are past their time. @returns their ids */
export async function prune(database: SqliteDatabase, { keepDays, keepJobs }: Retention): Promise<string[]> {
  return database.write(async (connection, pacer) => {
    const old = connection.all<{ key: number; id: string }>(
      `SELECT key, id FROM jobs WHERE finished_at < ? OR key IN (
         SELECT key FROM jobs WHERE finished_at IS NOT NULL ORDER BY finished_at DESC, key DESC LIMIT -1 OFFSET ?)`,
      [Date.now() - keepDays * DAY, keepJobs],
    );
    for (const { key } of old) {
      // Items, failures and changes go with it.
      connection.run('DELETE FROM jobs WHERE key = ?', [key]);
      await pacer.breathe();
    }
    return old.map(({ id }) => id);
  });
}
