import { describe, expect, test } from 'vitest';
import type { Job } from '../../src/jobs/job-queue.js';
import { input, type TinyExtractor } from './tiny-extractor.js';
import { withWorkplace } from './workplace.js';

const inputs = (count: number) => Array.from({ length: count }, (_, index) => input(`d${index}`));

/** Holds up the extractor until the returned function is called. */
function hold(extractor: TinyExtractor): () => void {
  let open: () => void = () => undefined;
  extractor.gate = new Promise<void>((resolve) => (open = resolve));
  return () => open();
}

async function collect(jobs: AsyncIterable<Job>): Promise<Job[]> {
  const all: Job[] = [];
  for await (const job of jobs) all.push(job);
  return all;
}

describe('the job queue', () => {
  test('a submitted job is worked off and its documents are in the store', () =>
    withWorkplace(async ({ queue, store }) => {
      await queue.start();
      const job = await queue.submit(inputs(5));
      expect(job).toMatchObject({ total: 5, done: 0, failures: [], finishedAt: null, sequence: 1 });
      expect(job.state).toBe('queued');
      const done = await queue.finished(job.id);
      expect(done).toMatchObject({ state: 'completed', done: 5, finishedAt: expect.any(Date) });
      expect(await queue.job(job.id)).toEqual(done);
      expect((await store.counts()).documents).toBe(5);
    }));

  test('bad documents are named with their field, the others are kept', () =>
    withWorkplace(async ({ queue, store }) => {
      await queue.start();
      const { id } = await queue.submit([input('a'), input('b', ' '), input('c', 'unreadable'), input('d')]);
      const job = await queue.finished(id);
      expect(job).toMatchObject({ state: 'completed', total: 4, done: 4 });
      expect(job.failures).toMatchObject([
        { externalId: 'b', code: 'EMPTY_TEXT', path: ['text'] },
        { externalId: 'c', code: 'MALFORMED_TEXT', path: ['text'] },
      ]);
      expect((await store.counts()).documents).toBe(2);
    }));

  test('a job whose every document is refused has failed', () =>
    withWorkplace(async ({ queue }) => {
      await queue.start();
      expect(await queue.submit([input('a', '')])).toMatchObject({ state: 'failed', done: 1, total: 1 });
      const { id } = await queue.submit([input('a', 'unreadable')]);
      expect((await queue.finished(id)).state).toBe('failed');
    }));

  test('what was accepted but not worked on goes on after a restart', () =>
    withWorkplace(
      async ({ queue, restarted, extractor, store }) => {
        const open = hold(extractor);
        await queue.start();
        const { id } = await queue.submit(inputs(6));
        const stopped = queue.stop();
        open();
        await stopped;
        expect((await store.counts()).documents).toBeLessThan(6);
        const next = restarted();
        await next.start();
        expect(await next.finished(id)).toMatchObject({ state: 'completed', done: 6, failures: [] });
        expect((await store.counts()).documents).toBe(6);
      },
      { batchDocuments: 2 },
    ));

  test('a follower sees every state once, in order, and ends with the final one', () =>
    withWorkplace(
      async ({ queue }) => {
        await queue.start();
        const { id } = await queue.submit(inputs(6));
        const states = await collect(queue.follow(id));
        expect(states.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
        expect(states.map(({ done }) => done)).toEqual([0, 0, 2, 4, 6]);
        expect(states.map(({ state }) => state)).toEqual([
          'queued',
          'running',
          'running',
          'running',
          'completed',
        ]);
        expect(await collect(queue.follow(id))).toEqual(states);
        expect(await collect(queue.follow(id, 3))).toEqual(states.slice(3));
        expect(await collect(queue.follow(id, 99))).toEqual(states.slice(-1));
      },
      { batchDocuments: 2 },
    ));

  test('a follower that leaves while it waits is let go at once', () =>
    withWorkplace(async ({ queue, extractor }) => {
      const open = hold(extractor);
      await queue.start();
      const { id } = await queue.submit(inputs(1));
      const follower = queue.follow(id, 2);
      const waiting = follower.next();
      await follower.return?.();
      expect(await waiting).toEqual({ done: true, value: undefined });
      expect(queue.events.eventNames()).toEqual([]);
      open();
    }));

  test('followers end when the queue stops', () =>
    withWorkplace(
      async ({ queue, extractor }) => {
        const open = hold(extractor);
        await queue.start();
        const { id } = await queue.submit(inputs(4));
        const states = collect(queue.follow(id));
        const finished = queue.finished(id).catch((error: unknown) => error);
        await queue.follow(id, 1).next();
        const stopped = queue.stop();
        open();
        await stopped;
        expect((await states).every(({ finishedAt }) => finishedAt === null)).toBe(true);
        expect(await finished).toMatchObject({ code: 'CONFLICT' });
      },
      { batchDocuments: 2 },
    ));

  test('an unknown job is null to read and an error to follow', () =>
    withWorkplace(async ({ queue }) => {
      await queue.start();
      expect(await queue.job('job_none')).toBeNull();
      await expect(collect(queue.follow('job_none'))).rejects.toMatchObject({
        code: 'NOT_FOUND',
        path: ['id'],
      });
    }));

  test('more documents than may wait are refused, and nothing of them is kept', () =>
    withWorkplace(
      async ({ queue, extractor }) => {
        const open = hold(extractor);
        await queue.start();
        const { id } = await queue.submit(inputs(3));
        await expect(queue.submit(inputs(3))).rejects.toMatchObject({
          code: 'QUEUE_FULL',
          path: ['documents'],
        });
        const small = await queue.submit(inputs(2));
        open();
        expect(await queue.finished(id)).toMatchObject({ state: 'completed' });
        expect(await queue.finished(small.id)).toMatchObject({ state: 'completed' });
        expect((await queue.submit(inputs(5))).total).toBe(5);
      },
      { capacity: 5 },
    ));

  test('a job of no documents is refused by name', () =>
    withWorkplace(async ({ queue }) => {
      await queue.start();
      await expect(queue.submit([])).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', path: ['documents'] });
    }));

  test('a queue that is not started says so', () =>
    withWorkplace(async ({ queue }) => {
      await expect(queue.submit(inputs(1))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    }));

  test('a document at which the work breaks off fails alone, after its tries', () =>
    withWorkplace(async ({ queue, store, errors, extractor }) => {
      await queue.start();
      const { id } = await queue.submit([input('a'), input('b', 'poison'), input('c')]);
      const job = await queue.finished(id);
      expect(job).toMatchObject({
        state: 'completed',
        failures: [{ externalId: 'b', code: 'INTERNAL', path: [] }],
      });
      expect(job.failures[0]?.message).not.toContain('encoder');
      expect((await store.counts()).documents).toBe(2);
      expect(errors).toHaveLength(3);
      expect(extractor.calls.filter((ids) => ids.includes('b'))).toEqual([['a', 'b', 'c'], ['b'], ['b']]);
    }));

  test('a document that took the process along three times is given up', () =>
    withWorkplace(async ({ restarted, store }) => {
      let id = '';
      for (let crash = 0; crash < 3; crash++) {
        let enter: () => void = () => undefined;
        const entered = new Promise<void>((resolve) => (enter = resolve));
        // Work that is begun and never comes back, on a queue that is never stopped: what a crash leaves.
        const queue = restarted({
          ingest: () => {
            enter();
            return new Promise<never>(() => undefined);
          },
        });
        await queue.start();
        id ||= (await queue.submit([input('a')])).id;
        await entered;
        queue.stop = () => Promise.resolve();
      }
      const queue = restarted();
      await queue.start();
      const job = await queue.finished(id);
      expect(job).toMatchObject({ state: 'failed', failures: [{ externalId: 'a', code: 'INTERNAL' }] });
      expect((await store.counts()).documents).toBe(0);
    }));

  test('two jobs with the same document both end, the later text stays', () =>
    withWorkplace(async ({ queue, store }) => {
      await queue.start();
      const first = await queue.submit([input('a', 'Ada P19 London.')]);
      const second = await queue.submit([input('a', 'Ada P19 Paris.')]);
      await queue.finished(first.id);
      await queue.finished(second.id);
      const { items } = await store.documents({ first: 5 });
      expect(items.map(({ node }) => node.text)).toEqual(['Ada P19 Paris.']);
    }));
});
