import { beforeEach, expect, test } from 'vitest';
import { loadConfig } from '../../src/config.js';
import { storeMigrationTask } from '../../src/tasks/store-migration.js';
import { describeNeo4j } from '../servers/neo4j-fixture.js';
import { dumpGraph } from '../store/dump.js';
import { neo4jStore } from '../store/neo4j-store.js';
import { withApi, type TestApi, type TestApiOptions } from './harness.js';

const PASSWORD = 'a-password-for-tests';
const TEXTS = {
  rosa: 'Rosa Luz was born in Paris.',
  emil: 'Emil Kraus was born in London. Emil Kraus studied at Trinity College.',
};

describeNeo4j(
  'migrateStore of the API',
  (neo4j) => {
    beforeEach(() => neo4j.wipe());

    /** The operator names the Neo4j server. */
    const options = (): TestApiOptions => ({
      tasks: ({ folder, store }) => {
        const migrateTo = neo4j.server.url.replace('://', `://${neo4j.server.user}:${PASSWORD}@`);
        return [storeMigrationTask({ config: loadConfig({ dataDir: folder, migrateTo }, {}), store })];
      },
    });

    /** The job in the end, as the API shows it. */
    async function migrated({ ask, services }: TestApi) {
      const { data } = await ask(
        'mutation { migrateStore { __typename ... on Job { id kind } ... on Problem { message } } }',
      );
      expect(data.migrateStore).toMatchObject({ __typename: 'Job', kind: 'STORE_MIGRATION' });
      await services.jobs.finished(data.migrateStore.id);
      const answer = await ask(
        `query ($id: ID!) { job(id: $id) { state done total error { code message }
           result { ... on StoreMigrated { from to documents resumed } } } }`,
        { id: data.migrateStore.id },
      );
      expect(JSON.stringify(answer)).not.toContain(PASSWORD);
      return answer.data.job;
    }

    test('copies the embedded store into Neo4j, and a second time refuses what is full', () =>
      withApi(async (api) => {
        await api.ingest(TEXTS);
        expect(await migrated(api)).toMatchObject({
          ...{ state: 'COMPLETED', done: 2, total: 2, error: null },
          result: { to: neo4j.server.url, documents: 2, resumed: false },
        });
        const copy = neo4jStore(neo4j.server);
        await copy.open();
        try {
          expect(await dumpGraph(copy)).toEqual(await dumpGraph(api.services.store));
        } finally {
          await copy.close();
        }
        expect(await migrated(api)).toMatchObject({
          ...{ state: 'FAILED', result: null },
          error: { code: 'CONFLICT', message: expect.stringContaining('holds 2 documents') },
        });
      }, options()));

    test('is refused where the operator named no store', () =>
      withApi(
        async ({ ask }) => {
          const { data } = await ask(
            'mutation { migrateStore { ... on InvalidInput { code message path } } }',
          );
          expect(data.migrateStore).toEqual({
            ...{ code: 'INVALID_ARGUMENT', path: [] },
            message: expect.stringContaining('NEIGHBORKB_MIGRATE_TO'),
          });
        },
        {
          tasks: ({ folder, store }) => [
            storeMigrationTask({ config: loadConfig({ dataDir: folder }, {}), store }),
          ],
        },
      ));
  },
  { password: PASSWORD },
);
