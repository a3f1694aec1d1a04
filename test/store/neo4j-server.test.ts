import { cp, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Neo4jConnection } from '../../src/store/neo4j/connection.js';
import { statusOf } from '../../src/store/neo4j/migrate.js';
import type { Neo4jGraphStore, Neo4jGraphStoreOptions } from '../../src/store/neo4j/neo4j-graph-store.js';
import { CuttingProxy, isCommit } from '../servers/cutting-proxy.js';
import { describeNeo4j } from '../servers/neo4j-fixture.js';
import { freePort } from '../servers/ports.js';
import { buildDocument } from './builders.js';
import { dumpGraph } from './dump.js';
import { neo4jStore, withNeo4jStore } from './neo4j-store.js';
import { MIGRATIONS, withFolder } from './temporary.js';

const ADA = buildDocument({
  externalId: 'ada',
  facts: [{ subject: 'Ada Lovelace', predicate: 'P19', object: 'London' }],
});

/** A copy of the migrations that a test may change. */
const withMigrations = (body: (migrationsDir: string) => Promise<void>) =>
  withFolder(async (folder) => {
    const migrationsDir = path.join(folder, 'migrations');
    await cp(MIGRATIONS, migrationsDir, { recursive: true });
    await body(migrationsDir);
  });

/** Adds a migration after the last one. @returns its file's name */
async function addMigration(migrationsDir: string, cypher: string): Promise<string> {
  const folder = path.join(migrationsDir, 'neo4j');
  const version = (await readdir(folder)).length + 1;
  const name = `${String(version).padStart(4, '0')}_next.cypher`;
  await writeFile(path.join(folder, name), cypher);
  return name;
}

describeNeo4j(
  'a Neo4j server',
  (neo4j) => {
    const use = async <T>(
      body: (store: Neo4jGraphStore) => Promise<T>,
      options: Partial<Neo4jGraphStoreOptions> = {},
    ): Promise<T> => {
      const store = neo4jStore(neo4j.server, options);
      await store.open();
      try {
        return await body(store);
      } finally {
        await store.close();
      }
    };
    const opening = (options: Partial<Neo4jGraphStoreOptions>) => use(async () => undefined, options);

    describe('and its schema', () => {
      beforeEach(() => neo4j.wipeSchema());

      test('is migrated once by two processes that start together, and not again', async () => {
        const [a, b] = await Promise.all([use((store) => store.health()), use((store) => store.health())]);
        expect(a).toEqual(b);
        const count = (await readdir(path.join(MIGRATIONS, 'neo4j'))).length;
        expect(a).toMatchObject({ adapter: 'neo4j', schemaVersion: count });
        const before = await neo4j.query('MATCH (m:SchemaMigration) RETURN m {.*} AS m ORDER BY m.version');
        expect(before).toHaveLength(count);
        await opening({});
        expect(await neo4j.query('MATCH (m:SchemaMigration) RETURN m {.*} AS m ORDER BY m.version')).toEqual(
          before,
        );
      });

      test('shows what is pending without changing anything', async () => {
        const connection = new Neo4jConnection(neo4j.server);
        try {
          const status = await statusOf(connection, path.join(MIGRATIONS, 'neo4j'));
          expect(status[0]).toMatchObject({ version: 1, name: '0001_graph.cypher', appliedAt: null });
          expect(await neo4j.query('SHOW CONSTRAINTS YIELD name')).toEqual([]);
        } finally {
          await connection.close();
        }
      });

      test('of a newer NeighborKB is refused, one that was edited is named', () =>
        withMigrations(async (migrationsDir) => {
          const name = await addMigration(
            migrationsDir,
            'CREATE INDEX next IF NOT EXISTS FOR (n:Next) ON (n.x);',
          );
          await opening({ migrationsDir });
          await expect(opening({})).rejects.toMatchObject({ code: 'SCHEMA_TOO_NEW' });
          await writeFile(path.join(migrationsDir, 'neo4j', name), 'RETURN 1;');
          await expect(opening({ migrationsDir })).rejects.toMatchObject({
            code: 'SCHEMA_EDITED',
            message: expect.stringContaining(`restore ${name}`),
          });
        }));

      test('takes a migration up again that stopped half-way', () =>
        withMigrations(async (migrationsDir) => {
          const index = 'CREATE INDEX next IF NOT EXISTS FOR (n:Next) ON (n.x);';
          const name = await addMigration(migrationsDir, `${index}\nTHIS IS NO CYPHER;`);
          await expect(opening({ migrationsDir })).rejects.toMatchObject({ code: 'INTERNAL' });
          await writeFile(path.join(migrationsDir, 'neo4j', name), index);
          await opening({ migrationsDir });
          expect(await neo4j.query(`SHOW INDEXES YIELD name WHERE name = 'next'`)).toHaveLength(1);
        }));

      test("leaves a database alone that holds another program's data or constraints", async () => {
        const theirs = [
          'CREATE (:Invoice {number: 1})',
          'CREATE CONSTRAINT invoice FOR (i:Invoice) REQUIRE i.number IS UNIQUE',
        ];
        for (const statement of theirs) {
          await neo4j.wipeSchema();
          await neo4j.query(statement);
          const look = () => neo4j.query('SHOW CONSTRAINTS YIELD name RETURN name, COUNT { () } AS nodes');
          const before = await look();
          await expect(opening({})).rejects.toMatchObject({
            code: 'SCHEMA_FOREIGN',
            message: expect.stringContaining('NEIGHBORKB_NEO4J_DATABASE'),
          });
          expect(await look()).toEqual(before);
        }
      });
    });

    describe('a transaction', () => {
      test('lets others have their turn between the statements that it packs', async () => {
        const connection = new Neo4jConnection(neo4j.server);
        let turns = 0;
        const count = (): NodeJS.Immediate =>
          setImmediate(() => {
            turns++;
            counting = count();
          });
        let counting = count();
        try {
          const packedAt: number[] = [];
          // The driver reads a parameter when it packs it.
          const probe = {
            get value(): number {
              packedAt.push(turns);
              return 1;
            },
          };
          await connection.write((transaction) =>
            Promise.all([1, 2, 3].map(() => transaction.run('RETURN $probe.value', { probe }))),
          );
          const [first = 0, second = 0, third = 0] = [...new Set(packedAt)];
          expect(second).toBeGreaterThan(first);
          expect(third).toBeGreaterThan(second);
        } finally {
          clearImmediate(counting);
          await connection.close();
        }
      });
    });

    describe('that cannot be used', () => {
      test.each([
        ['a wrong password', () => ({ password: 'not-this-one' }), 'NEIGHBORKB_NEO4J_PASSWORD'],
        ['a wrong database', () => ({ database: 'elsewhere' }), 'NEIGHBORKB_NEO4J_DATABASE'],
        ['nobody there', async () => ({ url: `bolt://127.0.0.1:${await freePort()}` }), 'cannot be reached'],
        [
          'TLS where it speaks none',
          () => ({ url: neo4j.server.url.replace('neo4j:', 'bolt+s:') }),
          'does not speak TLS',
        ],
      ] as const)('says so: %s', async (_, options, message) => {
        await expect(opening({ ...(await options()), retryTime: 100 })).rejects.toMatchObject({
          code: 'STORE_UNAVAILABLE',
          message: expect.stringContaining(message),
        });
      });

      test('is refused where its address is none', async () => {
        await expect(opening({ url: 'http://127.0.0.1:1' })).rejects.toMatchObject({
          code: 'INVALID_ARGUMENT',
        });
      });
    });

    describe('that breaks off', () => {
      beforeAll(() => neo4j.wipeSchema());

      test('for fifty writers on the same entities, at their commits, holds the graph that one writer gives', async () => {
        const sketches = Array.from({ length: 50 }, (_, index) => ({
          externalId: `d${index}`,
          facts: ['London', 'Paris', 'Vienna'].map((object, place) => ({
            subject: ['Ada Lovelace', 'Niels Bohr'][(index + place) % 2] ?? '',
            predicate: 'P551',
            object,
            confidence: 0.1 + (index % 5) / 10,
            voters: ['P551-a', `P551-${index % 4}`],
          })),
        }));
        const expected = await withNeo4jStore(neo4j, async (store) => {
          for (const sketch of sketches) await store.saveDocument(buildDocument(sketch));
          return dumpGraph(store);
        });
        let commits = 0;
        const proxy = await CuttingProxy.start(neo4j.server.port, (chunk) => {
          if (!isCommit(chunk) || ++commits % 3 !== 0) return null;
          return commits % 2 === 0 ? 'before' : 'after';
        });
        try {
          const url = `bolt://127.0.0.1:${proxy.port}`;
          await withNeo4jStore(
            neo4j,
            async (store) => {
              const saved = await Promise.all(
                sketches.map((sketch) => store.saveDocument(buildDocument(sketch))),
              );
              expect(saved.filter(({ change }) => change !== 'created')).toEqual([]);
            },
            { url, retryTime: 60_000 },
          );
          expect(proxy.cuts).toBeGreaterThan(10);
        } finally {
          await proxy.stop();
        }
        expect(await use(dumpGraph)).toEqual(expected);
      });

      test(
        'fails clearly while it is down, is read while it is read-only, and takes everything once when it is back',
        () =>
          withNeo4jStore(
            neo4j,
            async (store) => {
              await store.saveDocument(ADA);
              const before = await dumpGraph(store);
              const next = buildDocument({
                externalId: 'next',
                facts: [{ subject: 'Niels Bohr', predicate: 'P19', object: 'Copenhagen' }],
              });
              const { server } = neo4j;
              const { password } = server;

              const interrupted = store.saveDocument(next);
              await server.stop();
              // Down in the middle of a save: it was done before, or it fails; never half of it.
              const done = await interrupted.then(
                () => true,
                (error: unknown) => {
                  expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' });
                  return false;
                },
              );
              await expect(store.counts()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });

              await server.resume({ password, readOnly: true });
              if (!done) expect(await dumpGraph(store)).toEqual(before);
              await expect(store.retractDocument('ada')).rejects.toMatchObject({
                code: 'STORE_UNAVAILABLE',
                message: expect.stringContaining('reading only'),
              });

              await server.stop();
              await server.resume({ password });
              expect((await store.saveDocument(next)).change).toBe(done ? 'unchanged' : 'created');
              expect((await store.saveDocument(ADA)).change).toBe('unchanged');
              expect(await store.counts()).toMatchObject({ documents: 2, triples: 2 });
            },
            { retryTime: 1_000 },
          ),
        300_000,
      );
    });
  },
  { password: 'a-password-for-tests' },
);
