import path from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULT_DOCUMENT_LIMITS } from '../../src/extraction/document-input.js';
import { JobBoard } from '../../src/jobs/job-board.js';
import { SqliteJobQueue } from '../../src/jobs/sqlite-job-queue.js';
import { TaskRegistry } from '../../src/jobs/tasks.js';
import { MIGRATIONS, withFolder } from '../store/temporary.js';
import { collect, inputs } from './sample-jobs.js';

/** A board over two queues: one for documents, one for tasks. */
async function withBoard(body: (board: JobBoard) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const make = (file: string) =>
      new SqliteJobQueue({
        file: path.join(folder, file),
        migrationsDir: MIGRATIONS,
        ...{ capacity: 100, limits: DEFAULT_DOCUMENT_LIMITS, pollInterval: 100 },
        ingest: async (documents) =>
          documents.map(({ externalId }) => ({ ok: true, externalId, saved: {} as never })),
        tasks: new TaskRegistry([{ kind: 'tune', parse: (json) => json, run: async () => ({ best: 7 }) }]),
      });
    const board = new JobBoard(make('documents.db'), make('tasks.db'));
    await board.start();
    try {
      await body(board);
    } finally {
      await board.stop();
    }
  });
}

test('jobs of both queues are listed as one, newest first, page by page', () =>
  withBoard(async (board) => {
    const ids: string[] = [];
    for (let round = 0; round < 3; round++) {
      for (const job of [await board.submit(inputs(1)), await board.submitTask('tune', {})]) {
        ids.unshift(job.id);
        await board.finished(job.id);
      }
    }
    const listed: string[] = [];
    for (let after: string | undefined; ;) {
      const page = await board.jobs({ first: 2, ...(after === undefined ? {} : { after }) });
      expect(await page.totalCount()).toBe(6);
      listed.push(...page.items.map(({ node }) => node.id));
      after = page.items.at(-1)?.cursor;
      if (!page.hasNextPage) break;
    }
    expect(listed).toEqual(ids);
    expect(await (await board.jobs({ first: 9, filter: { kinds: ['tune'] } })).totalCount()).toBe(3);
    await expect(board.jobs({ first: 2, after: 'nonsense' })).rejects.toMatchObject({ path: ['after'] });
  }));

test('a job is found, followed and steered wherever it is', () =>
  withBoard(async (board) => {
    const task = await board.submitTask('tune', {});
    expect((await collect(board.follow(task.id))).at(-1)).toMatchObject({ result: { best: 7 } });
    const { id } = await board.submit([], { open: true });
    await board.append(id, inputs(2));
    expect(await board.pause(id)).toMatchObject({ state: 'paused' });
    await board.resume(id);
    await board.seal(id);
    expect(await board.finished(id)).toMatchObject({ kind: 'ingest', done: 2 });
    expect(await board.job('job_none')).toBeNull();
    await expect(collect(board.follow('job_none'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    // A follower that leaves is let go at once.
    const open = await board.submit([], { open: true });
    const follower = board.follow(open.id, open.sequence);
    const waiting = follower.next();
    await follower.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
  }));
