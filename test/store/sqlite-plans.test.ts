import path from 'node:path';
import Database from 'libsql';
import { expect, test, vi } from 'vitest';
import { Connection } from '../../src/store/sqlite/connection.js';
import { SqliteGraphStore } from '../../src/store/sqlite/sqlite-graph-store.js';
import { buildDocument } from './builders.js';
import { MIGRATIONS, withFolder } from './temporary.js';

/** Tables that grow with what is stored. A list's page may walk an index of one in its order: LIMIT ends that. */
const READS_ALL = /^SCAN (documents|sentences|mentions|entities|local_entities|names|predictions|triples)\b/;

/** Statements that read a table from its beginning to its end while `body` runs, each with what says so. */
async function readingAll(file: string, body: (store: SqliteGraphStore) => Promise<void>): Promise<string[]> {
  const store = new SqliteGraphStore({ file, migrationsDir: MIGRATIONS });
  await store.open();
  const spies = [vi.spyOn(Connection.prototype, 'all'), vi.spyOn(Connection.prototype, 'run')];
  let statements: string[];
  try {
    await body(store);
    statements = spies.flatMap(({ mock }) => mock.calls.map(([sql]) => sql));
  } finally {
    for (const spy of spies) spy.mockRestore();
    await store.close();
  }
  const database = new Database(file);
  try {
    return [...new Set(statements)]
      .filter((sql) => /^\s*(WITH|SELECT|INSERT|UPDATE|DELETE)/i.test(sql))
      .flatMap((sql) =>
        (database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[])
          .filter(({ detail }) => READS_ALL.test(detail))
          .map(({ detail }) => `${detail}: ${sql}`),
      );
  } finally {
    database.close();
  }
}

const documentOf = (externalId: string, object: string) =>
  buildDocument({
    externalId,
    facts: [
      { subject: 'Ada', predicate: 'P19', object },
      { subject: 'Ada', predicate: 'P20', object: 'Paris' },
    ],
  });

test('saving, replacing and retracting a document reads no table whole', () =>
  withFolder(async (folder) => {
    const found = await readingAll(path.join(folder, 'graph.db'), async (store) => {
      await store.saveDocuments([documentOf('a', 'London'), documentOf('b', 'Rome')]);
      await store.saveDocument(documentOf('a', 'Oslo'));
      await store.retractDocument('b');
    });
    expect(found).toEqual([]);
  }));

test('what belongs to a document or an entity is found without reading a table whole', () =>
  withFolder(async (folder) => {
    const found = await readingAll(path.join(folder, 'graph.db'), async (store) => {
      const { document, entities } = documentOf('a', 'London');
      const documents = [document.id];
      const people = entities.map(({ id }) => id);
      await store.saveDocument(documentOf('a', 'London'));
      expect(await store.documentsById(documents)).toMatchObject([{ externalId: 'a' }]);
      for (const [owner, ids] of [
        ['document', documents],
        ['subject', people],
        ['object', people],
      ] as const) {
        for (const page of await store.queries.triplesOf(owner, ids, { first: 5 })) await page.totalCount();
        await store.queries.countTriplesOf(owner, ids, 'predicate', {});
      }
      await store.predictionsOfDocuments(documents);
      await store.sentencesOfDocuments(documents);
      await store.mentionsOfDocuments(documents);
      await store.mentionsOfEntities(people, 5);
      await store.aliasesOfEntities(people);
      await store.neighbourhood(people[0]!, 2, 10);
      await store.queries.shortestPaths({ from: people[0]!, to: people[1]!, maxLength: 3, maxPaths: 2 });
    });
    expect(found).toEqual([]);
  }));
