import { cp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import Database from 'libsql';
import { describe, expect, test } from 'vitest';
import { readMigrations } from '../../src/store/migrations.js';
import { Connection } from '../../src/store/sqlite/connection.js';
import { migrate } from '../../src/store/sqlite/migrations.js';
import { APPLICATION_ID, SqliteGraphStore } from '../../src/store/sqlite/sqlite-graph-store.js';
import { buildDocument } from './builders.js';
import { dumpGraph } from './dump.js';
import { MIGRATIONS, withFolder } from './temporary.js';

const ADA = buildDocument({
  externalId: 'ada',
  facts: [{ subject: 'Ada Lovelace', predicate: 'P19', object: 'London' }],
});

async function use<T>(
  file: string,
  body: (store: SqliteGraphStore) => Promise<T>,
  options: { migrationsDir?: string; busyTimeout?: number } = {},
): Promise<T> {
  const store = new SqliteGraphStore({ file, migrationsDir: MIGRATIONS, ...options });
  await store.open();
  try {
    return await body(store);
  } finally {
    await store.close();
  }
}

/** A database file and a copy of the migrations that a test may change. */
const withFiles = (body: (file: string, migrationsDir: string) => Promise<void>) =>
  withFolder(async (folder) => {
    const migrationsDir = path.join(folder, 'migrations');
    await cp(MIGRATIONS, migrationsDir, { recursive: true });
    await body(path.join(folder, 'data', 'graph.db'), migrationsDir);
  });

/** Adds a migration after the last one. */
async function addMigration(migrationsDir: string, sql: string): Promise<void> {
  const folder = path.join(migrationsDir, 'sqlite');
  const next = (await readdir(folder)).length + 1;
  await writeFile(path.join(folder, `${String(next).padStart(4, '0')}_next.sql`), sql);
}

function withConnection(file: string, body: (database: Database.Database) => void): void {
  const database = new Database(file);
  try {
    body(database);
  } finally {
    database.close();
  }
}

describe('the store file', () => {
  test('keeps everything when it is closed and opened again, migrations run once', () =>
    withFiles(async (file) => {
      const before = await use(file, async (store) => {
        await store.saveDocument(ADA);
        await store.open();
        return dumpGraph(store);
      });
      expect(await use(file, dumpGraph)).toEqual(before);
    }));

  test('written by a newer NeighborKB is refused and left alone', () =>
    withFiles(async (file, migrationsDir) => {
      await addMigration(migrationsDir, 'CREATE TABLE next (key INTEGER);');
      await use(file, (store) => store.saveDocument(ADA), { migrationsDir });
      await expect(use(file, dumpGraph)).rejects.toMatchObject({ code: 'SCHEMA_TOO_NEW' });
      expect(await use(file, (store) => store.counts(), { migrationsDir })).toMatchObject({ documents: 1 });
    }));

  test('is brought up to date by a later migration, data kept', () =>
    withFiles(async (file, migrationsDir) => {
      const [before, { schemaVersion }] = await use(file, async (store) => {
        await store.saveDocument(ADA);
        return [await dumpGraph(store), await store.health()] as const;
      });
      await addMigration(migrationsDir, 'CREATE TABLE next (key INTEGER);');
      const [after, health] = await use(
        file,
        async (store) => [await dumpGraph(store), await store.health()] as const,
        { migrationsDir },
      );
      expect(after).toEqual(before);
      expect(health.schemaVersion).toBe(schemaVersion + 1);
    }));

  test('makes sentences searchable that a version without a word index has stored', () =>
    withFiles(async (file) => {
      await use(file, (store) => store.saveDocument(ADA));
      withConnection(file, (database) => {
        database.exec('DELETE FROM sentences_words');
        database.exec('INSERT INTO search_backlog SELECT key FROM documents');
      });
      const found = await use(file, async (store) => {
        const hits = await store.queries.search({ text: 'lovelace', kinds: ['sentence'], first: 5 });
        return hits.sentences.map(({ text }) => text);
      });
      expect(found).toEqual(['Ada Lovelace P19 London.']);
      withConnection(file, (database) => {
        expect(database.prepare('SELECT count(*) AS left FROM search_backlog').get()).toMatchObject({
          left: 0,
        });
      });
    }));

  test('is left as it was by a migration that fails half-way', () =>
    withFiles(async (file, migrationsDir) => {
      const before = await use(file, async (store) => {
        await store.saveDocument(ADA);
        return dumpGraph(store);
      });
      const broken = 'CREATE TABLE next (key INTEGER); DROP TABLE voters_of_nobody;';
      await addMigration(migrationsDir, broken);
      await expect(use(file, dumpGraph, { migrationsDir })).rejects.toThrow();
      expect(await use(file, dumpGraph)).toEqual(before);
    }));

  test('whose applied migration was changed is refused', () =>
    withFiles(async (file, migrationsDir) => {
      await use(file, (store) => store.saveDocument(ADA));
      const [first = ''] = await readdir(path.join(migrationsDir, 'sqlite'));
      await writeFile(path.join(migrationsDir, 'sqlite', first), 'CREATE TABLE other (key INTEGER);');
      await expect(use(file, dumpGraph, { migrationsDir })).rejects.toMatchObject({
        code: 'SCHEMA_EDITED',
        message: expect.stringContaining(`restore ${first}`),
      });
    }));

  test("that is another program's database is refused and not changed", () =>
    withFolder(async (folder) => {
      const file = path.join(folder, 'graph.db');
      withConnection(file, (database) =>
        database.exec('CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1);'),
      );
      const before = await readFile(file);
      await expect(use(file, dumpGraph)).rejects.toMatchObject({
        code: 'SCHEMA_FOREIGN',
        message: expect.stringContaining('another program'),
      });
      expect(await readFile(file)).toEqual(before);
    }));

  test('that is no database, a folder, or cut short is refused with its name', () =>
    withFolder(async (folder) => {
      const text = path.join(folder, 'text.db');
      await writeFile(text, 'These are notes, and no database at all. '.repeat(100));
      const cut = path.join(folder, 'cut.db');
      await use(cut, (store) => store.saveDocument(ADA));
      await writeFile(cut, (await readFile(cut)).subarray(0, 6000));
      for (const file of [text, folder, cut])
        await expect(use(file, dumpGraph)).rejects.toMatchObject({
          code: 'STORE_UNAVAILABLE',
          message: expect.stringContaining(file),
        });
      expect(await readFile(text, 'utf8')).toContain('notes');
    }));

  test('whose folders are not there yet is made with them', () =>
    withFolder(async (folder) => {
      const file = path.join(folder, 'of', 'many', 'graph.db');
      await Promise.all([use(file, dumpGraph), use(file, dumpGraph)]);
      expect((await stat(file)).isFile()).toBe(true);
    }));

  test('whose folder cannot be made is refused with its name and the reason', () =>
    withFolder(async (folder) => {
      const inTheWay = path.join(folder, 'notes.txt');
      await writeFile(inTheWay, 'These are notes.');
      await expect(use(path.join(inTheWay, 'data', 'graph.db'), dumpGraph)).rejects.toMatchObject({
        code: 'STORE_UNAVAILABLE',
        message: expect.stringMatching(/notes\.txt.data cannot be created: E[A-Z]+/),
      });
    }));

  test.runIf(process.platform === 'linux')('in a folder that takes none is refused rather than awaited', () =>
    expect(use('/proc/nope/graph.db', dumpGraph)).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('/proc/nope cannot be created: ENOENT'),
    }),
  );

  test('that is closed, or never was opened, says so', () =>
    withFiles(async (file) => {
      const store = new SqliteGraphStore({ file, migrationsDir: MIGRATIONS });
      await expect(store.counts()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
      await store.open();
      await store.close();
      await store.close();
      await expect(store.saveDocument(ADA)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    }));
});

describe('writing beside others', () => {
  test("waits for another process's transaction without blocking", () =>
    withFiles((file) =>
      use(file, async (store) => {
        const other = new Database(file);
        other.exec('BEGIN IMMEDIATE');
        const saving = store.saveDocument(ADA);
        expect(await store.counts()).toMatchObject({ documents: 0 });
        setTimeout(() => {
          other.exec('COMMIT');
          other.close();
        }, 100);
        expect((await saving).change).toBe('created');
      }),
    ));

  test('gives up after its time, and works again later', () =>
    withFiles((file) =>
      use(
        file,
        async (store) => {
          const other = new Database(file);
          other.exec('BEGIN IMMEDIATE');
          await expect(store.saveDocument(ADA)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
          other.exec('ROLLBACK');
          other.close();
          expect((await store.saveDocument(ADA)).change).toBe('created');
        },
        { busyTimeout: 100 },
      ),
    ));

  test('that another process makes ready while this one looks whose it is, is ours', () =>
    withFolder(async (folder) => {
      const migrations = await readMigrations(path.join(MIGRATIONS, 'sqlite'), 'sql');
      const open = () => Connection.open(path.join(folder, 'graph.db'), 1000);
      const [one, other] = [open(), open()];
      let looks = 0;
      const first = one.first.bind(one);
      one.first = (...asked: Parameters<typeof first>) => {
        const found = first(...asked);
        if (++looks === 1) migrate(other, migrations, APPLICATION_ID);
        return found as never;
      };
      try {
        expect(migrate(one, migrations, APPLICATION_ID)).toBe(migrations.length);
        expect(looks).toBeGreaterThan(1);
      } finally {
        one.close();
        other.close();
      }
    }));

  test('a large document leaves others their turn, who see all of it or nothing', () =>
    withFiles((file) =>
      use(file, async (store) => {
        const large = buildDocument({
          externalId: 'large',
          facts: Array.from({ length: 3000 }, (_, index) => ({
            subject: `Person ${index}`,
            predicate: 'P19',
            object: `Place ${index % 50}`,
          })),
        });
        const seen = new Set<number>();
        let saved = false;
        const saving = store.saveDocument(large).finally(() => (saved = true));
        let turns = 0;
        while (!saved) {
          seen.add((await store.counts()).triples);
          turns++;
          await new Promise((resolve) => setTimeout(resolve, 1));
        }
        await saving;
        expect(turns).toBeGreaterThan(3);
        expect([...seen].filter((count) => count !== 0 && count !== 3000)).toEqual([]);
        expect((await store.counts()).triples).toBe(3000);
        await store.retractDocument('large');
        expect(await store.counts()).toEqual({ documents: 0, entities: 0, triples: 0, evidence: 0 });
      }),
    ));
});
