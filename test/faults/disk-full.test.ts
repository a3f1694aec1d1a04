import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { DEFAULT_DOCUMENT_LIMITS } from '../../src/extraction/document-input.js';
import { SqliteJobQueue } from '../../src/jobs/sqlite-job-queue.js';
import { MIGRATIONS, withFolder } from '../store/temporary.js';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));
const CHILD = fileURLToPath(new URL('disk-full.mjs', import.meta.url));
/** Largest file, blocks of 1,024 bytes. */
const LIMIT = 6_000;

test('a full disk refuses a job by name, and every job that was accepted is there', () =>
  withFolder(async (folder) => {
    const file = path.join(folder, 'jobs.db');
    const command = `ulimit -f ${LIMIT}; exec "$0" "$@"`;
    const args = ['-c', command, process.execPath, CHILD, DIST, file, MIGRATIONS];
    const { stdout } = await promisify(execFile)('bash', args);
    const { accepted, error } = JSON.parse(stdout) as { accepted: string[]; error: unknown };
    expect(accepted.length).toBeGreaterThan(3);
    expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' });

    // Room again: what was accepted is done, and nothing else is there.
    const stored: string[] = [];
    const queue = new SqliteJobQueue({
      ...{ file, migrationsDir: MIGRATIONS, capacity: 100_000, limits: DEFAULT_DOCUMENT_LIMITS },
      ingest: async (documents) =>
        documents.map(({ externalId }) => {
          stored.push(externalId);
          return { ok: true, externalId, saved: {} as never };
        }),
    });
    await queue.start();
    try {
      for (const id of accepted) expect(await queue.finished(id)).toMatchObject({ state: 'completed' });
      expect(stored).toEqual(accepted.map((_, index) => `d${index}`));
      expect(await (await queue.jobs({ first: 1 })).totalCount()).toBe(accepted.length);
    } finally {
      await queue.stop();
    }
  }));
