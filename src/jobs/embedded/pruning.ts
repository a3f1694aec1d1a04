import type { SqliteDatabase } from '../../store/sqlite/database.js';
import { DAY, type Retention } from '../retention.js';

/**
 * Its documents are what keeps older revisions, which are still to come or may be retried, from being stored over them.
 */
const HOLDS_BACK = `EXISTS (
  SELECT 1 FROM job_items n JOIN job_items o ON o.external_id = n.external_id AND o.key < n.key
  WHERE n.job_key = jobs.key AND n.state = 'done'
    AND (o.state IN ('waiting', 'held', 'leased') OR (o.state = 'failed' AND o.payload IS NOT NULL)))`;

/** Removes jobs that are past their time. @returns their ids */
export async function prune(database: SqliteDatabase, { keepDays, keepJobs }: Retention): Promise<string[]> {
  return database.write(async (connection, pacer) => {
    const old = connection.all<{ key: number; id: string }>(
      `SELECT key, id FROM jobs WHERE NOT ${HOLDS_BACK} AND (finished_at < ? OR key IN (
         SELECT key FROM jobs WHERE finished_at IS NOT NULL ORDER BY finished_at DESC, key DESC LIMIT -1 OFFSET ?))`,
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
