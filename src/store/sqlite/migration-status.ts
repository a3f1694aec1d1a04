import { access } from 'node:fs/promises';
import { migrationStatus, readMigrations, type MigrationStatus } from '../migrations.js';
import { Connection } from './connection.js';
import { appliedMigrations, assertOurs } from './migrations.js';

/** How long a look at the schema waits, blocking, for another process's lock, milliseconds. */
const BUSY = 5_000;

/**
 * Every migration of a database file with the time at which it was applied. Changes nothing: a file that is not there
 * is not made, and has everything still to come.
 *
 * @param folder of numbered migrations
 * @param applicationId SQLite's application_id of files of this kind
 * @throws NeighborKbError STORE_UNAVAILABLE; SCHEMA_* as `migrate`
 */
export async function statusOfFile(
  file: string,
  folder: string,
  applicationId: number,
): Promise<MigrationStatus[]> {
  const migrations = await readMigrations(folder, 'sql');
  const exists = await access(file).then(
    () => true,
    () => false,
  );
  if (!exists) return migrationStatus(file, migrations, []);
  const connection = Connection.open(file, BUSY);
  try {
    connection.execute('PRAGMA query_only = ON');
    assertOurs(connection, applicationId);
    return migrationStatus(file, migrations, appliedMigrations(connection));
  } finally {
    connection.close();
  }
}
