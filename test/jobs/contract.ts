import { describe, expect, test } from 'vitest';
import { NeighborKbError } from '../../src/domain/errors.js';
import type { Job } from '../../src/jobs/job-queue.js';
import { input, type TinyExtractor } from './tiny-extractor.js';
import { withQueue, type QueueMaker, type QueueOptions, type Workplace } from './workplace.js';

export const inputs = (count: number, prefix = 'd') =>
  Array.from({ length: count }, (_, index) => input(`${prefix}${index}`));

/** Holds up the extractor until the returned function is called. */
export function hold(extractor: TinyExtractor): () => void {
  let open: () => void = () => undefined;
  extractor.gate = new Promise<void>((resolve) => (open = resolve));
  return () => open();
}

export async function collect(jobs: AsyncIterable<Job>): Promise<Job[]> {
  const all: Job[] = [];
  for await (const job of jobs) all.push(job);
  return all;
}

/** What every queue promises. @param make gives queues that share their jobs where they share a folder */
export function jobQueueContract(name: string, make: () => QueueMaker): void {
  const withJobs = (body: (workplace: Workplace) => Promise<void>, options: QueueOptions = {}) =>
    withQueue(make(), body, options);

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
        await queue.start();
        const old = await queue.submit([], { open: true });
        await queue.pause(old.id);
        await queue.append(old.id, [input('a', 'Ada P19 London.')]);
        const { id } = await queue.submit([input('a', 'Ada P19 Paris.')]);
        await queue.finished(id);
        await queue.seal(old.id);
        await queue.resume(old.id);
        expect(await queue.finished(old.id)).toMatchObject({ state: 'completed', done: 1, failed: 0 });
        const { items } = await store.documents({ first: 5 });
        expect(items.map(({ node }) => node.text)).toEqual(['Ada P19 Paris.']);
      }));
  });

  describe(`${name}: followers`, () => {
    test('a follower sees every state once, in order, and ends with the final one', () =>
      withJobs(
        async ({ queue }) => {
          await queue.start();
          const { id } = await queue.submit(inputs(6));
          const states = await collect(queue.follow(id));
          expect(states.map(({ sequence }) => sequence)).toEqual(states.map((_, index) => index + 1));
          const done = states.map((state) => state.done);
          expect(done).toEqual([...done].sort((a, b) => a - b));
          expect(states[0]).toMatchObject({ state: 'queued', done: 0, startedAt: null });
          expect(states.at(-1)).toMatchObject({ state: 'completed', done: 6, startedAt: expect.any(Date) });
          expect(states.slice(1, -1).every(({ state }) => state === 'running')).toBe(true);
          expect(await collect(queue.follow(id))).toEqual(states);
          expect(await collect(queue.follow(id, 2))).toEqual(states.slice(2));
          expect(await collect(queue.follow(id, 99))).toEqual(states.slice(-1));
        },
        { batchDocuments: 2 },
      ));

    test('a follower in another process hears of changes', () =>
      withJobs(async ({ queue, restarted }) => {
        const other = restarted({ ingest: null });
        await Promise.all([queue.start(), other.start()]);
        const { id } = await queue.submit(inputs(3));
        expect((await collect(other.follow(id))).at(-1)).toMatchObject({ state: 'completed', done: 3 });
      }));

    test('a follower that leaves while it waits is let go at once', () =>
      withJobs(async ({ queue, extractor }) => {
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
      withJobs(
        async ({ queue, extractor }) => {
          const open = hold(extractor);
          await queue.start();
          const { id } = await queue.submit(inputs(9));
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
  });

  describe(`${name}: streams and back-pressure`, () => {
    test('documents are appended to an open job until it is sealed', () =>
      withJobs(async ({ queue, store }) => {
        await queue.start();
        const { id } = await queue.submit(inputs(2, 'first'), { open: true });
        await queue.append(id, [input('a'), input('bad', '')]);
        for await (const job of queue.follow(id)) if (job.done === 4) break;
        // All is done, yet more may come.
        expect(await queue.job(id)).toMatchObject({ state: 'running', open: true, total: 4, failed: 1 });
        await queue.append(id, inputs(3, 'second'));
        expect(await queue.seal(id)).toMatchObject({ open: false });
        expect(await queue.finished(id)).toMatchObject({ state: 'completed', total: 7, done: 7, failed: 1 });
        expect((await store.counts()).documents).toBe(6);
        await expect(queue.append(id, inputs(1))).rejects.toMatchObject({ code: 'CONFLICT' });
      }));

    test('an open job without documents is completed when it is sealed', () =>
      withJobs(async ({ queue }) => {
        await queue.start();
        const { id } = await queue.submit([], { open: true });
        expect(await queue.seal(id)).toMatchObject({ state: 'completed', total: 0 });
        expect(await queue.seal(id)).toMatchObject({ state: 'completed' });
      }));

    test('more documents than may wait are refused, and nothing of them is kept', () =>
      withJobs(
        async ({ queue, extractor }) => {
          const open = hold(extractor);
          await queue.start();
          const { id } = await queue.submit(inputs(3), { open: true });
          const full = { code: 'QUEUE_FULL', path: ['documents'] };
          await expect(queue.submit(inputs(3))).rejects.toMatchObject(full);
          await expect(queue.append(id, inputs(3, 'more'))).rejects.toMatchObject(full);
          const small = await queue.submit(inputs(2, 'e'));
          open();
          expect(await queue.finished(small.id)).toMatchObject({ state: 'completed', total: 2 });
          expect(await queue.seal(id)).toMatchObject({ total: 3 });
          expect(await queue.finished(id)).toMatchObject({ state: 'completed' });
          expect((await queue.submit(inputs(5))).total).toBe(5);
          expect((await queue.jobs({ first: 10 })).totalCount).toBe(3);
        },
        { capacity: 5 },
      ));
  });

  describe(`${name}: steering`, () => {
    test('a paused job begins no document until it is resumed', () =>
      withJobs(
        async ({ queue, extractor, store }) => {
          const open = hold(extractor);
          await queue.start();
          const { id } = await queue.submit(inputs(20));
          await queue.follow(id, 1).next();
          expect(await queue.pause(id)).toMatchObject({ state: 'paused' });
          expect(await queue.pause(id)).toMatchObject({ state: 'paused' });
          open();
          const other = await queue.submit(inputs(1, 'other'));
          await queue.finished(other.id);
          expect((await store.counts()).documents).toBeLessThan(20);
          expect(await queue.job(id)).toMatchObject({ state: 'paused', finishedAt: null });
          expect(await queue.resume(id)).toMatchObject({ state: 'running' });
          expect(await queue.finished(id)).toMatchObject({ state: 'completed', done: 20 });
          await expect(queue.pause(id)).rejects.toMatchObject({ code: 'CONFLICT' });
        },
        { batchDocuments: 2 },
      ));

    test('a cancelled job drops what waits, keeps what is stored, and gives its room back', () =>
      withJobs(
        async ({ queue, extractor, store }) => {
          const open = hold(extractor);
          await queue.start();
          const { id } = await queue.submit(inputs(20));
          await queue.follow(id, 1).next();
          expect(await queue.cancel(id)).toMatchObject({ state: 'cancelled', finishedAt: expect.any(Date) });
          expect(await queue.cancel(id)).toMatchObject({ state: 'cancelled' });
          open();
          const other = await queue.submit(inputs(15, 'other'));
          expect(await queue.finished(other.id)).toMatchObject({ state: 'completed' });
          expect((await store.counts()).documents).toBeLessThan(15 + 20);
          expect((await collect(queue.follow(id))).at(-1)).toMatchObject({ state: 'cancelled' });
          for (const call of [
            () => queue.resume(id),
            () => queue.retry(id),
            () => queue.append(id, inputs(1)),
          ])
            await expect(call()).rejects.toMatchObject({ code: 'CONFLICT' });
        },
        { batchDocuments: 2, capacity: 35 },
      ));

    test('waiting documents of a higher priority go first', () =>
      withJobs(
        async ({ queue, extractor }) => {
          const front = queue;
          await front.start();
          const open = hold(extractor);
          const first = await front.submit(inputs(1, 'first'));
          await front.follow(first.id, 1).next();
          const jobs = [
            await front.submit(inputs(3, 'low'), { priority: 'low' }),
            await front.submit(inputs(3, 'normal')),
            await front.submit(inputs(3, 'high'), { priority: 'high' }),
          ];
          expect(jobs.map(({ priority }) => priority)).toEqual(['low', 'normal', 'high']);
          open();
          for (const { id } of jobs) await front.finished(id);
          const order = extractor.calls.flat();
          const place = (prefix: string) => Math.max(...[0, 1, 2].map((n) => order.indexOf(`${prefix}${n}`)));
          expect(place('high')).toBeLessThan(place('low'));
          expect(place('normal')).toBeLessThan(place('low'));
        },
        { batchDocuments: 1 },
      ));

    test('jobs are listed newest first, page by page, by kind and state', () =>
      withJobs(async ({ queue }) => {
        await queue.start();
        const ids: string[] = [];
        for (const name of ['a', 'b', 'c']) ids.unshift((await queue.submit([input(name)])).id);
        for (const id of ids) await queue.finished(id);
        const open = await queue.submit([], { open: true });
        const first = await queue.jobs({ first: 2 });
        expect(first.items.map(({ node }) => node.id)).toEqual([open.id, ids[0]]);
        expect(first).toMatchObject({ hasNextPage: true, totalCount: 4 });
        const rest = await queue.jobs({ first: 5, after: first.items[1]?.cursor ?? '' });
        expect(rest.items.map(({ node }) => node.id)).toEqual(ids.slice(1));
        const filter = { states: ['completed'], kinds: ['ingest'] } as const;
        expect((await queue.jobs({ first: 5, filter })).items.map(({ node }) => node.id)).toEqual(ids);
        expect((await queue.jobs({ first: 5, filter: { kinds: ['tune'] } })).totalCount).toBe(0);
      }));

    test('finished jobs beyond the number that is kept are gone', () =>
      withJobs(async ({ queue, restarted }) => {
        await queue.start();
        const ids: string[] = [];
        for (const name of ['a', 'b', 'c']) {
          const { id } = await queue.submit([input(name)]);
          await queue.finished(id);
          ids.push(id);
        }
        const later = restarted({ keepJobs: 1 });
        await later.start();
        expect(await later.job(ids[0] ?? '')).toBeNull();
        expect(await later.job(ids[2] ?? '')).toMatchObject({ state: 'completed' });
        expect((await later.jobs({ first: 5 })).totalCount).toBe(1);
      }));
  });

  describe(`${name}: failures`, () => {
    test('a document at which the work breaks off fails alone, after its tries', () =>
      withJobs(async ({ queue, store, extractor }) => {
        await queue.start();
        const { id } = await queue.submit([input('a'), input('b', 'poison'), input('c')]);
        const job = await queue.finished(id);
        expect(job).toMatchObject({
          state: 'completed',
          failures: [{ externalId: 'b', code: 'INTERNAL', path: [] }],
        });
        expect(job.failures[0]?.message).not.toContain('encoder');
        expect((await store.counts()).documents).toBe(2);
        expect(extractor.calls.filter((ids) => ids.join() === 'b').length).toBeGreaterThanOrEqual(3);
      }));

    test('dead letters can be read, and tried again once what ailed them is mended', () =>
      withJobs(async ({ queue, store, extractor }) => {
        await queue.start();
        const documents = [input('a'), input('b', 'poison'), input('c', ''), input('d', 'poison 2')];
        const { id } = await queue.submit(documents);
        await queue.finished(id);
        const letters = await queue.deadLetters({ first: 10, filter: { jobId: id } });
        expect(letters.items.map(({ node }) => node)).toMatchObject([
          { id: `${id}/1`, jobId: id, position: 1, externalId: 'b', code: 'INTERNAL', retryable: true },
          { position: 2, externalId: 'c', code: 'EMPTY_TEXT', retryable: false, failedAt: expect.any(Date) },
          { position: 3, externalId: 'd', code: 'INTERNAL', retryable: true },
        ]);
        expect(letters.totalCount).toBe(3);
        const page = await queue.deadLetters({ first: 1, after: letters.items[0]?.cursor ?? '' });
        expect(page).toMatchObject({ items: [{ node: { position: 2 } }], hasNextPage: true });
        const codes = await queue.deadLetters({ first: 9, filter: { codes: ['EMPTY_TEXT'] } });
        expect(codes.totalCount).toBe(1);
        expect(await queue.deadLetterDocument(id, 1)).toEqual(documents[1]);
        expect(await queue.deadLetterDocument(id, 2)).toBeNull();
        expect(await queue.deadLetterDocument(id, 0)).toBeNull();

        extractor.isPoisonous = false;
        expect(await queue.retry(id, [1])).toMatchObject({ done: 3, failed: 2, finishedAt: null });
        expect(await queue.finished(id)).toMatchObject({ state: 'completed', done: 4, failed: 2 });
        await queue.retry(id);
        expect(await queue.finished(id)).toMatchObject({ state: 'completed', done: 4, failed: 1 });
        expect((await store.counts()).documents).toBe(3);
        await expect(queue.retry(id)).rejects.toMatchObject({ code: 'CONFLICT' });
        expect((await collect(queue.follow(id))).at(-1)).toMatchObject({ done: 4, failed: 1 });
      }));

    test('a store that is away for any time costs no document', () =>
      withJobs(async ({ queue, restarted, ingester, store }) => {
        let away = true;
        const worker = restarted({
          maxAttempts: 1,
          storeAnswers: async () => !away,
          ingest: async (documents, onOutcome) => {
            if (away) throw new NeighborKbError('STORE_UNAVAILABLE', 'the store is away');
            return ingester.ingest(documents, onOutcome);
          },
        });
        await worker.start();
        const { id } = await worker.submit(inputs(5));
        await new Promise((resolve) => setTimeout(resolve, 300));
        expect(await worker.job(id)).toMatchObject({ done: 0, failed: 0, state: 'running' });
        away = false;
        await queue.start();
        expect(await worker.finished(id)).toMatchObject({ state: 'completed', failed: 0, done: 5 });
        expect((await store.counts()).documents).toBe(5);
      }));
  });
}
