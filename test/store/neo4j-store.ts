import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { PredicateSchema } from '../../src/domain/predicates.js';
import { Neo4jGraphStore, type Neo4jGraphStoreOptions } from '../../src/store/neo4j/neo4j-graph-store.js';
import type { Neo4jFixture } from '../servers/neo4j-fixture.js';
import type { Neo4jServer } from '../servers/neo4j-server.js';
import { MIGRATIONS } from './temporary.js';

/** The predicates that NeighborKB ships. */
export const SCHEMA = PredicateSchema.parse(
  JSON.parse(await readFile(fileURLToPath(new URL('../../models/predicates.json', import.meta.url)), 'utf8')),
);

/** A store on a test server, not yet open. */
export function neo4jStore(
  { url, user, password }: Pick<Neo4jServer, 'url' | 'user' | 'password'>,
  options: Partial<Neo4jGraphStoreOptions> = {},
): Neo4jGraphStore {
  return new Neo4jGraphStore({ url, user, password, migrationsDir: MIGRATIONS, schema: SCHEMA, ...options });
}

/** Runs `body` with an empty store on the suite's server. */
export async function withNeo4jStore<T>(
  neo4j: Neo4jFixture,
  body: (store: Neo4jGraphStore) => Promise<T>,
  options: Partial<Neo4jGraphStoreOptions> = {},
): Promise<T> {
  await neo4j.wipe();
  const store = neo4jStore(neo4j.server, options);
  await store.open();
  try {
    return await body(store);
  } finally {
    await store.close();
  }
}
