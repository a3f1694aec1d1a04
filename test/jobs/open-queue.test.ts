import { pino } from 'pino';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config.js';
import type { AnyTaskHandler } from '../../src/jobs/tasks.js';
import { makeQueue } from '../../src/open-queue.js';
import { withFolder, withSqliteStore } from '../store/temporary.js';

test('a queue in Redis over a SQLite store is refused: a file is not shared between machines', () =>
  withSqliteStore(async (store) => {
    const config = loadConfig({ queue: 'redis://127.0.0.1:6379' }, {});
    // Nothing is ingested: the queue is refused before.
    const workshop = { store, ingester: null as never, tasks: [] };
    await expect(makeQueue(config, { logger: pino({ level: 'silent' }), workshop })).rejects.toMatchObject({
      ...{ code: 'INVALID_ARGUMENT', path: ['queue'] },
      message: expect.stringContaining('NEIGHBORKB_STORE=neo4j://') as string,
    });
  }));

test('the log tells a task that will be tried again from one that has failed', () =>
  withFolder((dataDir) =>
    withSqliteStore(async (store) => {
      const lines: string[] = [];
      const logger = pino({}, { write: (line) => void lines.push(line) });
      const failing: AnyTaskHandler = {
        kind: 'tune',
        parse: () => null,
        run: () => Promise.reject(new Error('nobody foresaw this')),
      };
      const workshop = { store, ingester: null as never, tasks: [failing] };
      const queue = await makeQueue(loadConfig({ dataDir }, {}), { logger, workshop });
      await queue.start();
      try {
        const { id } = await queue.submitTask('tune', {});
        expect(await queue.finished(id)).toMatchObject({ state: 'failed' });
      } finally {
        await queue.stop();
      }
      expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
        'work of a job broke off and will be tried again',
        'work of a job broke off and will be tried again',
        'work of a job broke off and is not tried again by itself',
      ]);
    }),
  ));
