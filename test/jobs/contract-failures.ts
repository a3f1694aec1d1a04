import { describe, expect, test } from 'vitest';
import { NeighborKbError } from '../../src/domain/errors.js';
import type { DocumentIngester } from '../../src/jobs/document-ingester.js';
import type { IngestBatch } from '../../src/jobs/runner-options.js';
import { collect, inputs } from './sample-jobs.js';
import { input } from './tiny-extractor.js';
import type { WithJobs } from './workplace.js';

/** How documents are ingested while the store is away, until it comes back. */
function storeAway(ingester: DocumentIngester) {
  let isAway = true;
  const ingest: IngestBatch = async (documents, onOutcome) => {
    if (isAway) throw new NeighborKbError('STORE_UNAVAILABLE', 'the store is away');
    return ingester.ingest(documents, onOutcome);
  };
  return { ingest, storeAnswers: async () => !isAway, comesBack: () => void (isAway = false) };
}

export function failureContract(name: string, withJobs: WithJobs): void {
  describe(`${name}: failures`, () => {
    test('a document at which the work breaks off fails alone, after its tries', () =>
      withJobs(async ({ queue, store, extractor, finals }) => {
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
        // The log tells the last try from those before it.
        await expect.poll(() => finals.at(-1)).toBe(true);
        expect(finals.slice(0, -1)).not.toContain(true);
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
        expect(await letters.totalCount()).toBe(3);
        const page = await queue.deadLetters({ first: 1, after: letters.items[0]?.cursor ?? '' });
        expect(page).toMatchObject({ items: [{ node: { position: 2 } }], hasNextPage: true });
        const codes = await queue.deadLetters({ first: 9, filter: { codes: ['EMPTY_TEXT'] } });
        expect(await codes.totalCount()).toBe(1);
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
        const { comesBack, ...away } = storeAway(ingester);
        const worker = restarted({
          maxAttempts: 1,
          ...away,
        });
        await worker.start();
        const { id } = await worker.submit(inputs(5));
        await new Promise((resolve) => setTimeout(resolve, 300));
        expect(await worker.job(id)).toMatchObject({ done: 0, failed: 0, state: 'running' });
        comesBack();
        await queue.start();
        expect(await worker.finished(id)).toMatchObject({ state: 'completed', failed: 0, done: 5 });
        expect((await store.counts()).documents).toBe(5);
      }));

    test('documents that found the store away go on soon after it is back, however many they were', () =>
      withJobs(async ({ restarted, ingester }) => {
        const { comesBack, ...away } = storeAway(ingester);
        const worker = restarted({
          retryDelay: 200,
          ...away,
        });
        await worker.start();
        const { id } = await worker.submit(inputs(40));
        await new Promise((resolve) => setTimeout(resolve, 500));
        comesBack();
        const back = Date.now();
        expect(await worker.finished(id)).toMatchObject({ state: 'completed', done: 40, failed: 0 });
        // Were each of them counted, they would wait for 200 ms times 2 to the seventh.
        expect(Date.now() - back).toBeLessThan(10_000);
      }));

    test('a document that the store refuses while it answers has twelve tries, and says why in the end', () =>
      withJobs(async ({ restarted }) => {
        let tries = 0;
        const worker = restarted({
          retryDelay: 1,
          storeAnswers: async () => true,
          ingest: async (documents) => {
            tries++;
            const error = new NeighborKbError('STORE_UNAVAILABLE', 'the disk is full');
            return documents.map(({ externalId }) => ({ ok: false, externalId, error }));
          },
        });
        await worker.start();
        const { id } = await worker.submit(inputs(1));
        expect((await worker.finished(id)).failures).toMatchObject([
          { code: 'STORE_UNAVAILABLE', message: 'the disk is full' },
        ]);
        expect(tries).toBe(12);
      }));
  });
}
