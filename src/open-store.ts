import { X509Certificate } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { environmentName, type Config } from './config.js';
import { NeighborKbError } from './domain/errors.js';
import { readSchema } from './resources.js';
import type { GraphStore } from './store/graph-store.js';
import type { Neo4jConnectionOptions } from './store/neo4j/connection.js';
import { SqliteGraphStore } from './store/sqlite/sqlite-graph-store.js';

/** What the store is called in a configuration that has no Neo4j. */
export const EMBEDDED = 'sqlite';

/**
 * Opens the store that the configuration names and brings its schema up to date.
 * @throws NeighborKbError STORE_UNAVAILABLE, SCHEMA_*, INVALID_ARGUMENT
 */
export async function openStore(config: Config): Promise<GraphStore> {
  const store = await makeStore(config);
  await store.open();
  return store;
}

/** Opens a store that is there. @throws STORE_UNAVAILABLE where nothing was ever stored, rather than make one */
export async function openExistingStore(config: Config): Promise<GraphStore> {
  if (config.store === EMBEDDED)
    await access(storeFile(config)).catch((cause: unknown) => {
      throw new NeighborKbError(
        'STORE_UNAVAILABLE',
        `there is no store at ${storeFile(config)}`,
        ['dataDir'],
        { cause },
      );
    });
  return openStore(config);
}

async function makeStore(config: Config): Promise<GraphStore> {
  const { migrationsDir } = config;
  if (config.store === EMBEDDED) return new SqliteGraphStore({ file: storeFile(config), migrationsDir });
  await checkAuthority(config);
  // Loaded where it is needed: the driver takes longer than a command over the embedded store.
  const { Neo4jGraphStore } = await import('./store/neo4j/neo4j-graph-store.js');
  return new Neo4jGraphStore({
    ...neo4jOptions(config),
    migrationsDir,
    schema: await readSchema(config),
  });
}

/**
 * The configuration of another store.
 * @param store `sqlite:<data folder>`, `sqlite` for the one in this configuration's folder, or a URL
 */
export function configOfStore(config: Config, store: string): Config {
  const [, dataDir] = /^sqlite:(.+)$/.exec(store) ?? [];
  return dataDir === undefined ? { ...config, store } : { ...config, store: EMBEDDED, dataDir };
}

/** A store's name in messages and files: no password in it. @throws NeighborKbError INVALID_ARGUMENT at `store` */
export function storeName(config: Config): string {
  if (config.store === EMBEDDED) return `sqlite:${resolve(storeFile(config))}`;
  const { url, database } = neo4jOptions(config);
  return database === undefined ? url : `${url}/${database}`;
}

/** The file of the embedded store. */
export function storeFile(config: Pick<Config, 'dataDir'>): string {
  return join(config.dataDir, 'graph.db');
}

/** @throws NeighborKbError INVALID_ARGUMENT where the authority of Neo4j's certificate is in no PEM file */
export async function checkAuthority({ neo4jCa }: Pick<Config, 'neo4jCa'>): Promise<void> {
  if (neo4jCa === '') return;
  try {
    new X509Certificate(await readFile(neo4jCa));
  } catch (cause) {
    throw new NeighborKbError(
      'INVALID_ARGUMENT',
      `${environmentName('neo4jCa')}: expected a PEM file with the certificate of an authority, got ${neo4jCa}`,
      ['neo4jCa'],
      { cause },
    );
  }
}

type Neo4jSettings = Pick<
  Config,
  | 'store'
  | 'neo4jUser'
  | 'neo4jPassword'
  | 'neo4jDatabase'
  | 'neo4jCa'
  | 'neo4jPoolSize'
  | 'neo4jConnectTimeout'
  | 'neo4jRetryTime'
>;

/**
 * How to reach the server. What the URL says itself, `neo4j://user:password@host:7687/database`, goes before the
 * settings of their own.
 * @throws NeighborKbError INVALID_ARGUMENT at `store`
 */
export function neo4jOptions(config: Neo4jSettings): Neo4jConnectionOptions {
  const url = parseUrl(config.store);
  const database = decodeURIComponent(url.pathname.replace(/^\/+/, '')) || config.neo4jDatabase;
  return {
    url: `${url.protocol}//${url.host}`,
    user: decodeURIComponent(url.username) || config.neo4jUser,
    password: decodeURIComponent(url.password) || config.neo4jPassword,
    ...(database === '' ? {} : { database }),
    ...(config.neo4jCa === '' ? {} : { certificateAuthority: config.neo4jCa }),
    poolSize: config.neo4jPoolSize,
    connectionTimeout: config.neo4jConnectTimeout,
    retryTime: config.neo4jRetryTime,
  };
}

function parseUrl(text: string): URL {
  try {
    const url = new URL(text);
    if (url.hostname !== '') return url;
  } catch {
    // Said below.
  }
  // The text may hold a password: it is not repeated.
  throw new NeighborKbError('INVALID_ARGUMENT', 'expected sqlite or a URL like neo4j://host:7687', ['store']);
}
