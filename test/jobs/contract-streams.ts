import { describe, expect, test } from 'vitest';
import { hold, inputs } from './sample-jobs.js';
import { input } from './tiny-extractor.js';
import type { WithJobs } from './workplace.js';

export function streamContract(name: string, withJobs: WithJobs): void {
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
          expect(await (await queue.jobs({ first: 10 })).totalCount()).toBe(3);
        },
        { capacity: 5 },
      ));
  });
}
