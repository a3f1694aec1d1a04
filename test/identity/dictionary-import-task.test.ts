import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { IdentityService } from '../../src/identity/identity-service.js';
import type { TaskProgress } from '../../src/jobs/tasks.js';
import type { GraphStore } from '../../src/store/graph-store.js';
import { dictionaryImportTask } from '../../src/tasks/dictionary-import.js';
import { exchangeFolder } from '../../src/tasks/exchange-folder.js';
import { buildDocument } from '../store/builders.js';
import { withFolder, withSqliteStore } from '../store/temporary.js';

interface Desk {
  readonly store: GraphStore;
  readonly reports: TaskProgress[];
  run(file: string, signal?: AbortSignal): Promise<unknown>;
}

/** The task over a store and an exchange folder with `people.csv`. */
const withTask = (csv: string, body: (desk: Desk) => Promise<void>) =>
  withFolder((folder) =>
    withSqliteStore(async (store) => {
      const exchange = path.join(folder, 'exchange');
      await mkdir(exchange);
      await writeFile(path.join(exchange, 'people.csv'), csv);
      const task = dictionaryImportTask({
        identity: new IdentityService(store),
        inputPath: exchangeFolder(exchange).inputPath,
      });
      const reports: TaskProgress[] = [];
      const run = (file: string, signal = new AbortController().signal) =>
        task.run(task.parse({ name: 'people', file, format: 'csv' }), {
          signal,
          progress: (report) => reports.push(report),
          workDir: folder,
          log: pino({ level: 'silent' }),
        });
      await body({ store, reports, run });
    }),
  );

const CSV = 'type,name,aliases,externalIds\nPER,Ada Lovelace,Ada King,Q7259\n';

describe('importing a dictionary as a job', () => {
  test('links mentions, tells how far it is, and changes nothing when it runs again', () =>
    withTask(CSV, async ({ store, reports, run }) => {
      const facts = [{ subject: 'Ada King', predicate: 'P19', object: 'London' }];
      await store.saveDocument(buildDocument({ externalId: 'a', facts }));
      expect(await run('people.csv')).toEqual({
        dictionary: 'people',
        ...{ entities: 1, names: 2, ambiguousNames: 0, mentions: 1, evidence: 1 },
      });
      expect(reports.at(-1)).toMatchObject({ done: CSV.length, total: CSV.length });
      expect(await run('people.csv')).toMatchObject({ entities: 1, mentions: 0, evidence: 0 });
    }));

  test('changes nothing where a line is wrong, a file is not in the folder, or it is cancelled', () =>
    withTask(`${CSV}WHO,Jane,,\n`, async ({ store, run }) => {
      await expect(run('people.csv')).rejects.toMatchObject({ code: 'INVALID_FILE' });
      await expect(run('../people.csv')).rejects.toThrow();
      await expect(run('none.csv')).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(run('people.csv', AbortSignal.abort())).rejects.toThrow();
      expect(await store.identity.dictionaries()).toEqual([]);
    }));

  test('refuses an input that is off by its field', () => {
    const task = dictionaryImportTask({ identity: {} as never, inputPath: async () => '' });
    expect(() => task.parse({ name: 'My people', file: 'a.csv', format: 'csv' })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', path: ['name'] }),
    );
    expect(() => task.parse({ name: 'people', file: 'a.csv', format: 'xml' })).toThrow(
      expect.objectContaining({ path: ['format'] }),
    );
  });
});
