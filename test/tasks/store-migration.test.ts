import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config.js';
import type { TaskProgress } from '../../src/jobs/tasks.js';
import { SqliteGraphStore } from '../../src/store/sqlite/sqlite-graph-store.js';
import { storeMigrationTask } from '../../src/tasks/store-migration.js';
import { buildDocument } from '../store/builders.js';
import { dumpGraph } from '../store/dump.js';
import { MIGRATIONS, withFolder } from '../store/temporary.js';

/** More than are read together. */
const DOCUMENTS = 40;

const documentOf = (externalId: string) =>
  buildDocument({
    externalId,
    facts: [{ subject: `Person ${externalId}`, predicate: 'P19', object: 'London' }],
  });

interface Desk {
  readonly source: SqliteGraphStore;
  /** Runs the task of one job, again and again in the same folder. */
  run(onProgress?: (progress: TaskProgress, abort: () => void) => Promise<void> | void): Promise<unknown>;
  /** Opens the store that was copied to. */
  withTarget<T>(body: (target: SqliteGraphStore) => Promise<T>): Promise<T>;
}

const withSqlite = async <T>(folder: string, body: (store: SqliteGraphStore) => Promise<T>): Promise<T> => {
  const store = new SqliteGraphStore({ file: path.join(folder, 'graph.db'), migrationsDir: MIGRATIONS });
  await store.open();
  return body(store).finally(() => store.close());
};

/** A knowledge base of DOCUMENTS documents, and an empty folder to copy it to. */
const withTask = (body: (desk: Desk) => Promise<void>) =>
  withFolder((folder) =>
    withSqlite(path.join(folder, 'a'), async (source) => {
      for (let index = 0; index < DOCUMENTS; index++) await source.saveDocument(documentOf(`d${index}`));
      const copy = path.join(folder, 'b');
      const config = loadConfig({ dataDir: path.join(folder, 'a'), migrateTo: `sqlite:${copy}` }, {});
      const task = storeMigrationTask({ config, store: source });
      const workDir = path.join(folder, 'work');
      await mkdir(workDir);
      const run: Desk['run'] = (onProgress) => {
        const controller = new AbortController();
        return task.run(task.parse({}), {
          signal: controller.signal,
          progress: (progress) => void onProgress?.(progress, () => controller.abort()),
          workDir,
          log: pino({ level: 'silent' }),
        });
      };
      await body({ source, run, withTarget: (use) => withSqlite(copy, use) });
    }),
  );

describe('moving a knowledge base as a job', () => {
  test('copies everything, and only compares when its last step is repeated', () =>
    withTask(async ({ source, run, withTarget }) => {
      const steps = new Set<string>();
      const result = await run(({ step }) => void steps.add(step ?? ''));
      expect(result).toMatchObject({ documents: DOCUMENTS, resumed: false });
      expect([...steps]).toEqual(['copying documents', 'comparing documents']);
      expect(await withTarget(dumpGraph)).toEqual(await dumpGraph(source));
      const again = new Set<string>();
      expect(await run(({ step }) => void again.add(step ?? ''))).toMatchObject({ resumed: true });
      expect([...again]).toEqual(['comparing documents']);
    }));

  test('goes on where it was stopped', () =>
    withTask(async ({ source, run, withTarget }) => {
      const stopped = run(({ done }, abort) => {
        if (done === DOCUMENTS / 2) abort();
      });
      await expect(stopped).rejects.toThrow();
      const { documents } = await withTarget((target) => target.counts());
      expect(documents).toBeLessThan(DOCUMENTS);
      const done: number[] = [];
      const result = await run(({ step, done: now }) => {
        if (step === 'copying documents') done.push(now);
      });
      expect(result).toMatchObject({ documents: DOCUMENTS, resumed: true });
      expect(done[0]).toBeGreaterThan(10);
      expect(await withTarget(dumpGraph)).toEqual(await dumpGraph(source));
    }));

  test('fails where the source changed meanwhile; a retry copies what has come', () =>
    withTask(async ({ source, run }) => {
      let saving: Promise<unknown> | undefined;
      const disturbed = run(() => {
        saving ??= source.saveDocument(documentOf('late'));
      });
      await expect(disturbed).rejects.toMatchObject({
        code: 'CONFLICT',
        message: expect.stringContaining('differ'),
      });
      await saving;
      expect(await run()).toMatchObject({ documents: DOCUMENTS + 1, resumed: true });
    }));
});

describe('moving a knowledge base is refused', () => {
  test.each([
    ['where the operator named no store', '', 'NEIGHBORKB_MIGRATE_TO'],
    ['to an address that is none', 'neo4j://user:secret@', 'NEIGHBORKB_MIGRATE_TO is no address'],
    ['into itself', 'sqlite:here', 'the store that this server works with'],
  ])('%s', (_, migrateTo, message) => {
    const config = loadConfig({ dataDir: 'here', migrateTo }, {});
    const task = storeMigrationTask({ config, store: {} as never });
    expect(() => task.parse({})).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(message) }),
    );
  });

  test.each(['postgres://here', 'sqlite:', 'graph.db'])('into %s', (migrateTo) => {
    expect(() => loadConfig({ migrateTo }, {})).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', path: ['migrateTo'] }),
    );
  });

  test('with a target of the client', () => {
    const config = loadConfig({ migrateTo: 'sqlite:there' }, {});
    const task = storeMigrationTask({ config, store: {} as never });
    expect(() => task.parse({ to: 'neo4j://elsewhere' })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
    );
  });
});
