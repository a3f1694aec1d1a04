import { NeighborKbError } from '../../domain/errors.js';
import {
  migrationStatus,
  pendingMigrations,
  readMigrations,
  type AppliedMigration,
  type Migration,
  type MigrationStatus,
} from '../migrations.js';
import { int, type Neo4jConnection } from './connection.js';

/** Marks what is NeighborKB's in a database that any program can write to. */
const PRODUCT = 'neighborkb';

/** The oldest server that takes labels and types as parameters. */
const OLDEST_SERVER = [5, 26] as const;

/**
 * Brings the schema up to the last migration, one process at a time.
 *
 * @param folder of numbered Cypher files
 * @returns the schema's version
 * @throws NeighborKbError STORE_UNAVAILABLE where the server is away, too old or refuses us; SCHEMA_FOREIGN where the
 *   database holds what is not ours; SCHEMA_TOO_NEW; SCHEMA_EDITED where an applied migration is not the one that we have
 */
export async function migrate(connection: Neo4jConnection, folder: string): Promise<number> {
  const migrations = await readMigrations(folder, 'cypher');
  await checkServer(connection);
  if ((await pending(connection, migrations)).length === 0) return migrations.length;
  await assertOurs(connection);
  // In a transaction that is retried: two processes that start together deadlock over the schema.
  await connection.write((transaction) =>
    transaction.run(
      'CREATE CONSTRAINT schema_lock_product IF NOT EXISTS FOR (l:SchemaLock) REQUIRE l.product IS UNIQUE',
    ),
  );
  // Kept from here on: it says that the database is ours, also where a migration stops half-way.
  await connection.write((transaction) =>
    transaction.run('MERGE (:SchemaLock {product: $product})', { product: PRODUCT }),
  );
  // An open transaction is the lock: it goes with the process that holds it.
  const lock = 'MATCH (l:SchemaLock {product: $product}) SET l.product = l.product';
  await connection.holding(lock, { product: PRODUCT }, async () => {
    // Read again under the lock: another process may have migrated meanwhile.
    for (const migration of await pending(connection, migrations)) await apply(connection, migration);
  });
  return migrations.length;
}

/** Every migration with the time at which it was applied; changes nothing. @throws as `migrate` */
export async function statusOf(connection: Neo4jConnection, folder: string): Promise<MigrationStatus[]> {
  const migrations = await readMigrations(folder, 'cypher');
  await checkServer(connection);
  const applied = await appliedMigrations(connection);
  if (applied.length === 0) await assertOurs(connection);
  return migrationStatus(whereOf(connection), migrations, applied);
}

async function checkServer(connection: Neo4jConnection): Promise<void> {
  const { version } = await connection.serverInfo();
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_SERVER;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor))
    throw new NeighborKbError(
      'STORE_UNAVAILABLE',
      `${whereOf(connection)} has version ${version}; NeighborKB needs Neo4j ${OLDEST_SERVER.join('.')} or newer`,
    );
}

/** @throws NeighborKbError SCHEMA_FOREIGN where the database is neither empty nor ours */
async function assertOurs(connection: Neo4jConnection): Promise<void> {
  // Before it is asked whose they are: another process may make the database ready in between.
  const constraints = await connection.runAlone<{ name: string }>('SHOW CONSTRAINTS YIELD name');
  const [row] = await connection.read<{ ours: boolean; nodes: number }>(
    `RETURN EXISTS { (l:SchemaLock {product: $product}) } AS ours, COUNT { () } AS nodes`,
    { product: PRODUCT },
  );
  if (row?.ours) return;
  const theirs = constraints.filter(({ name }) => name !== 'schema_lock_product');
  const nodes = row?.nodes ?? 0;
  if (nodes > 0 || theirs.length > 0)
    throw new NeighborKbError(
      'SCHEMA_FOREIGN',
      `${whereOf(connection)} holds ${nodes} nodes and ${theirs.length} constraints of another program, and is left ` +
        'as it is: give NeighborKB a database of its own (NEIGHBORKB_NEO4J_DATABASE)',
    );
}

async function pending(
  connection: Neo4jConnection,
  migrations: readonly Migration[],
): Promise<readonly Migration[]> {
  return pendingMigrations(whereOf(connection), migrations, await appliedMigrations(connection));
}

/** What the database remembers, oldest first. */
async function appliedMigrations(connection: Neo4jConnection): Promise<AppliedMigration[]> {
  return connection.read<AppliedMigration>(
    `MATCH (m:SchemaMigration {product: $product})
     RETURN m.version AS version, m.name AS name, m.sha256 AS sha256, m.appliedAt AS appliedAt ORDER BY version`,
    { product: PRODUCT },
  );
}

/**
 * Neo4j changes its schema statement by statement, so a migration that stops half-way is taken up from its beginning:
 * its statements are written to be run again.
 */
async function apply(connection: Neo4jConnection, migration: Migration): Promise<void> {
  for (const statement of statementsOf(migration.text)) await connection.runAlone(statement);
  await connection.runAlone('CALL db.awaitIndexes(600)');
  const { version, name, sha256 } = migration;
  await connection.write((transaction) =>
    transaction.run(
      `MERGE (m:SchemaMigration {product: $product, version: $version})
       SET m.name = $name, m.sha256 = $sha256, m.appliedAt = $appliedAt`,
      { product: PRODUCT, version: int(version), name, sha256, appliedAt: new Date().toISOString() },
    ),
  );
}

/** Statements end with a semicolon at the end of a line; lines that begin with // are comments. */
function statementsOf(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('//'))
    .join('\n')
    .split(/;[^\S\n]*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}

function whereOf(connection: Neo4jConnection): string {
  return `Neo4j at ${connection.url}`;
}
