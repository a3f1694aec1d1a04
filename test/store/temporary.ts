import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { SqliteGraphStore } from '../../src/store/sqlite/sqlite-graph-store.js';

export const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));

/** Runs `body` with a folder of its own, which is gone afterwards. */
export async function withFolder<T>(body: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'neighborkb-'));
  try {
    return await body(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs `body` with an empty embedded store. */
export async function withSqliteStore<T>(body: (store: SqliteGraphStore) => Promise<T>): Promise<T> {
  return withFolder(async (folder) => {
    const store = new SqliteGraphStore({ file: path.join(folder, 'graph.db'), migrationsDir: MIGRATIONS });
    await store.open();
    try {
      return await body(store);
    } finally {
      await store.close();
    }
  });
}
