import { join } from 'node:path';
import type { Config } from './config.js';
import { APPLICATION_ID as QUEUE_FILE } from './jobs/sqlite-job-queue.js';
import { queueFile } from './open-queue.js';
import { checkAuthority, EMBEDDED, neo4jOptions, openStore, storeFile } from './open-store.js';
import type { MigrationStatus } from './store/migrations.js';
import { SqliteDatabase } from './store/sqlite/database.js';
import { statusOfFile } from './store/sqlite/migration-status.js';
import { APPLICATION_ID as GRAPH_FILE } from './store/sqlite/sqlite-graph-store.js';

/** The migrations of one of the databases that a configuration names. */
export interface SchemaStatus {
  readonly part: 'graph' | 'jobs';
  /** A file, or a server's address without its password. */
  readonly database: string;
  readonly migrations: readonly MigrationStatus[];
}

/**
 * What has been applied to the graph's and the queue's databases, and what is still to come; changes nothing.
 * @throws NeighborKbError STORE_UNAVAILABLE, SCHEMA_*
 */
export async function schemaStatus(config: Config): Promise<SchemaStatus[]> {
  return [await graphStatus(config), await queueStatus(config)];
}

/**
 * Applies what is still to come. Safe to run again, and from several processes at once.
 * @throws NeighborKbError STORE_UNAVAILABLE, SCHEMA_*
 */
export async function migrateUp(config: Config): Promise<void> {
  await (await openStore(config)).close();
  const queue = await SqliteDatabase.open({
    file: queueFile(config),
    migrations: join(config.migrationsDir, 'jobs'),
    applicationId: QUEUE_FILE,
  });
  await queue.close();
}

async function graphStatus(config: Config): Promise<SchemaStatus> {
  if (config.store === EMBEDDED) {
    const file = storeFile(config);
    const migrations = await statusOfFile(file, join(config.migrationsDir, 'sqlite'), GRAPH_FILE);
    return { part: 'graph', database: file, migrations };
  }
  await checkAuthority(config);
  const [{ Neo4jConnection }, { statusOf }] = await Promise.all([
    import('./store/neo4j/connection.js'),
    import('./store/neo4j/migrate.js'),
  ]);
  const connection = new Neo4jConnection(neo4jOptions(config));
  try {
    const migrations = await statusOf(connection, join(config.migrationsDir, 'neo4j'));
    return { part: 'graph', database: connection.url, migrations };
  } finally {
    await connection.close();
  }
}

async function queueStatus(config: Config): Promise<SchemaStatus> {
  const file = queueFile(config);
  const migrations = await statusOfFile(file, join(config.migrationsDir, 'jobs'), QUEUE_FILE);
  return { part: 'jobs', database: file, migrations };
}
