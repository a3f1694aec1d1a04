import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { NeighborKbError } from '../../domain/errors.js';
import type { Connection } from './connection.js';

/** One numbered step of a schema: `0001_graph.sql`. */
export interface Migration {
  /** From 1, without gaps. */
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

interface AppliedRow {
  readonly version: number;
  readonly name: string;
  readonly sha256: string;
}

/** @throws NeighborKbError STORE_UNAVAILABLE where the numbers have gaps or the folder cannot be read */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await listFolder(folder)).filter((name) => /^\d{4}_\w+\.sql$/.test(name)).sort();
  return Promise.all(
    names.map(async (name, index) => {
      const version = Number(name.slice(0, 4));
      if (version !== index + 1)
        throw new NeighborKbError(
          'STORE_UNAVAILABLE',
          `migration ${index + 1} is missing in ${folder}: found ${name}`,
        );
      const sql = await readFile(path.join(folder, name), 'utf8');
      // Line ends differ between checkouts; the hash must not.
      const sha256 = createHash('sha256').update(sql.replaceAll('\r\n', '\n')).digest('hex');
      return { version, name, sql, sha256 };
    }),
  );
}

/**
 * Brings the schema up to the last migration, all pending ones in one exclusive transaction.
 *
 * @param applicationId marks the file as ours and of this kind (SQLite's application_id)
 * @returns the schema's version
 * @throws NeighborKbError SCHEMA_TOO_NEW; STORE_UNAVAILABLE where the file is another program's, or where an
 *   applied migration is not the one that we have
 */
export function migrate(
  connection: Connection,
  migrations: readonly Migration[],
  applicationId: number,
): number {
  assertOurs(connection, applicationId);
  if (pending(connection, migrations).length > 0) {
    connection.execute('BEGIN EXCLUSIVE');
    try {
      // Read again under the lock: another process may have migrated meanwhile.
      for (const migration of pending(connection, migrations)) apply(connection, migration);
      connection.execute(`PRAGMA application_id = ${applicationId}`);
      connection.execute('COMMIT');
    } catch (error) {
      if (connection.inTransaction) connection.execute('ROLLBACK');
      throw error;
    }
  }
  return migrations.length;
}

function assertOurs(connection: Connection, applicationId: number): void {
  const found = connection.first<{ application_id: number }>('PRAGMA application_id')?.application_id;
  if (found === applicationId) return;
  const objects = connection.first<{ count: number }>('SELECT count(*) AS count FROM sqlite_schema')?.count;
  if (found !== 0 || objects !== 0)
    throw new NeighborKbError(
      'STORE_UNAVAILABLE',
      `${connection.file} is a database of another program or purpose, and is left as it is`,
    );
}

function pending(connection: Connection, migrations: readonly Migration[]): readonly Migration[] {
  const applied = appliedMigrations(connection);
  if (applied.length > migrations.length)
    throw new NeighborKbError(
      'SCHEMA_TOO_NEW',
      `${connection.file} has schema version ${applied.length}, this NeighborKB knows ${migrations.length}: upgrade NeighborKB`,
    );
  for (const [index, { name, sha256 }] of applied.entries())
    if (migrations[index]?.sha256 !== sha256)
      throw new NeighborKbError(
        'STORE_UNAVAILABLE',
        `${connection.file}: its migration ${name} differs from the one that this NeighborKB has`,
      );
  return migrations.slice(applied.length);
}

function appliedMigrations(connection: Connection): AppliedRow[] {
  const known = connection.first(
    "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migrations'",
  );
  return known
    ? connection.all<AppliedRow>('SELECT version, name, sha256 FROM schema_migrations ORDER BY version')
    : [];
}

function apply(connection: Connection, { version, name, sql, sha256 }: Migration): void {
  connection.execute(
    `CREATE TABLE IF NOT EXISTS schema_migrations (
       version INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, applied_at TEXT NOT NULL
     ) STRICT`,
  );
  connection.execute(sql);
  connection.run('INSERT INTO schema_migrations (version, name, sha256, applied_at) VALUES (?, ?, ?, ?)', [
    version,
    name,
    sha256,
    new Date().toISOString(),
  ]);
}

async function listFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    throw new NeighborKbError('STORE_UNAVAILABLE', `the migrations in ${folder} cannot be read`, [], {
      cause: error,
    });
  }
}
