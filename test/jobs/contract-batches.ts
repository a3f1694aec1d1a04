import { describe, expect, test } from 'vitest';
import { collect, hold, inputs, overtaken } from './sample-jobs.js';
import { input } from './tiny-extractor.js';
import type { WithJobs } from './workplace.js';

export function batchContract(name: string, withJobs: WithJobs): void {
  describe(`${name}: batches`, () => {
    test('a submitted job is worked off and its documents are in the store', () =>
      withJobs(async ({ queue, store }) => {
        await queue.start();
        const job = await queue.submit(inputs(5));
        expect(job).toMatchObject({ kind: 'ingest', total: 5, failures: [], finishedAt: null, open: false });
        const done = await queue.finished(job.id);
        expect(done).toMatchObject({ state: 'completed', done: 5, failed: 0, finishedAt: expect.any(Date) });
        expect(await queue.job(job.id)).toEqual(done);
        expect((await store.counts()).documents).toBe(5);
      }));

    test('bad documents are named with their field, the others are kept', () =>
      withJobs(async ({ queue, store }) => {
        await queue.start();
        const documents = [input('a'), input('b', ' '), input('c', 'unreadable'), input('d')];
        const { id } = await queue.submit(documents);
        const job = await queue.finished(id);
        expect(job).toMatchObject({ state: 'completed', total: 4, done: 4, failed: 2 });
        expect(job.failures).toEqual([
          { externalId: 'b', code: 'EMPTY_TEXT', message: expect.any(String), path: ['text'] },
          { externalId: 'c', code: 'MALFORMED_TEXT', message: 'unreadable', path: ['text'] },
        ]);
        expect((await store.counts()).documents).toBe(2);
      }));

    test('a job whose every document is refused has failed', () =>
      withJobs(async ({ queue }) => {
        await queue.start();
        expect(await queue.submit([input('a', '')])).toMatchObject({ state: 'failed', done: 1, total: 1 });
        const { id } = await queue.submit([input('a', 'unreadable')]);
        expect((await queue.finished(id)).state).toBe('failed');
      }));

    test('what was accepted but not worked on goes on after a restart', () =>
      withJobs(
        async ({ queue, restarted, extractor, store }) => {
          const open = hold(extractor);
          await queue.start();
          const { id } = await queue.submit(inputs(12));
          await queue.follow(id, 1).next();
          const stopped = queue.stop();
          open();
          await stopped;
          expect((await store.counts()).documents).toBeLessThan(12);
          const next = restarted();
          await next.start();
          expect(await next.finished(id)).toMatchObject({ state: 'completed', done: 12, failures: [] });
          expect((await store.counts()).documents).toBe(12);
        },
        { batchDocuments: 2 },
      ));

    test('jobs accepted by a process that works on none are done by one that does', () =>
      withJobs(async ({ queue, restarted }) => {
        const front = restarted({ ingest: null });
        await front.start();
        const { id } = await front.submit(inputs(3));
        const finished = front.finished(id);
        await queue.start();
        expect(await finished).toMatchObject({ state: 'completed', done: 3 });
      }));

    test('two processes share a job and do each document once', () =>
      withJobs(
        async ({ queue, restarted, extractor }) => {
          const second = restarted();
          await Promise.all([queue.start(), second.start()]);
          const { id } = await queue.submit(inputs(40));
          expect(await second.finished(id)).toMatchObject({ state: 'completed', done: 40, failed: 0 });
          expect(extractor.calls.flat()).toHaveLength(40);
        },
        { batchDocuments: 3 },
      ));

    test('a job of no documents is refused by name, and so is an unknown one', () =>
      withJobs(async ({ queue }) => {
        await queue.start();
        await expect(queue.submit([])).rejects.toMatchObject({
          code: 'INVALID_ARGUMENT',
          path: ['documents'],
        });
        expect(await queue.job('job_none')).toBeNull();
        for (const call of [
          () => collect(queue.follow('job_none')),
          () => queue.pause('job_none'),
          () => queue.resume('job_none'),
          () => queue.cancel('job_none'),
          () => queue.seal('job_none'),
          () => queue.retry('job_none'),
          () => queue.append('job_none', inputs(1)),
        ])
          await expect(call()).rejects.toMatchObject({ code: 'NOT_FOUND', path: ['id'] });
      }));

    test('a queue that is not started says so', () =>
      withJobs(async ({ queue }) => {
        await expect(queue.submit(inputs(1))).rejects.toMatchObject({ code: 'QUEUE_UNAVAILABLE' });
      }));

    test('of two revisions under one externalId the one that was accepted later stays', () =>
      withJobs(async ({ queue, restarted, store }) => {
        await Promise.all([queue.start(), restarted().start()]);
        const jobs = [];
        for (const place of ['London', 'Paris', 'Rome', 'Warsaw'])
          jobs.push(await queue.submit([input('a', `Ada P19 ${place}.`)]));
        for (const { id } of jobs) expect(await queue.finished(id)).toMatchObject({ state: 'completed' });
        const { items } = await store.documents({ first: 5 });
        expect(items.map(({ node }) => node.text)).toEqual(['Ada P19 Warsaw.']);
      }));

    test('an older revision that comes to its turn late changes nothing', () =>
      withJobs(async ({ queue, store }) => {
        const old = await overtaken(queue);
        await queue.seal(old);
        await queue.resume(old);
        expect(await queue.finished(old)).toMatchObject({ state: 'completed', done: 1, failed: 0 });
        const { items } = await store.documents({ first: 5 });
        expect(items.map(({ node }) => node.text)).toEqual(['Ada P19 Paris.']);
      }));
  });
}
