import { NeighborKbError } from '../../domain/errors.js';
import { pendingMigrations, type AppliedMigration, type Migration } from '../migrations.js';
import type { Connection } from './connection.js';

/**
 * Brings the schema up to the last migration, all pending ones in one exclusive transaction.
 *
 * @param applicationId marks the file as ours and of this kind (SQLite's application_id)
 * @returns the schema's version
 * @throws NeighborKbError SCHEMA_FOREIGN where the file is another program's or has another purpose;
 *   SCHEMA_TOO_NEW; SCHEMA_EDITED where an applied migration is not the one that we have
 */
export function migrate(
  connection: Connection,
  migrations: readonly Migration[],
  applicationId: number,
): number {
  assertOurs(connection, applicationId);
  const pending = () => pendingMigrations(connection.file, migrations, appliedMigrations(connection));
  if (pending().length > 0) {
    connection.execute('BEGIN EXCLUSIVE');
    try {
      // Read again under the lock: another process may have migrated meanwhile.
      for (const migration of pending()) apply(connection, migration);
      connection.execute(`PRAGMA application_id = ${applicationId}`);
      connection.execute('COMMIT');
    } catch (error) {
      if (connection.inTransaction) connection.execute('ROLLBACK');
      throw error;
    }
  }
  return migrations.length;
}

/** @throws NeighborKbError SCHEMA_FOREIGN where the file is another program's or has another purpose */
export function assertOurs(connection: Connection, applicationId: number): void {
  // In this order: another process that makes the file ready in between leaves a file that is ours.
  const objects = connection.first<{ count: number }>('SELECT count(*) AS count FROM sqlite_schema')?.count;
  const found = connection.first<{ application_id: number }>('PRAGMA application_id')?.application_id;
  if (found === applicationId) return;
  if (found !== 0 || objects !== 0)
    throw new NeighborKbError(
      'SCHEMA_FOREIGN',
      `${connection.file} is a database of another program or purpose, and is left as it is: name another data ` +
        'folder (NEIGHBORKB_DATA_DIR)',
    );
}

/** What the file remembers, oldest first. */
export function appliedMigrations(connection: Connection): AppliedMigration[] {
  const known = connection.first(
    "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migrations'",
  );
  return known
    ? connection
        .all<AppliedMigration>(
          'SELECT version, name, sha256, applied_at AS appliedAt FROM schema_migrations ORDER BY version',
        )
        .map(({ version, name, sha256, appliedAt }) => ({ version, name, sha256, appliedAt }))
    : [];
}

function apply(connection: Connection, { version, name, text, sha256 }: Migration): void {
  connection.execute(
    `CREATE TABLE IF NOT EXISTS schema_migrations (
       version INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, applied_at TEXT NOT NULL
     ) STRICT`,
  );
  connection.execute(text);
  connection.run('INSERT INTO schema_migrations (version, name, sha256, applied_at) VALUES (?, ?, ?, ?)', [
    version,
    name,
    sha256,
    new Date().toISOString(),
  ]);
}
