import { pino } from 'pino';
import { expect, test } from 'vitest';
import { loadConfig } from '../../src/config.js';
import { makeQueue } from '../../src/open-queue.js';
import { withSqliteStore } from '../store/temporary.js';

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
