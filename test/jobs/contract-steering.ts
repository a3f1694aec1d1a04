import { describe, expect, test } from 'vitest';
import { begun, collect, hold, inputs } from './sample-jobs.js';
import { input } from './tiny-extractor.js';
import type { WithJobs } from './workplace.js';
import { counted } from '../store/counted.js';

export function steeringContract(name: string, withJobs: WithJobs): void {
  describe(`${name}: steering`, () => {
    test('a paused job begins no document until it is resumed', () =>
      withJobs(
        async (workplace) => {
          const { queue, store } = workplace;
          const { id, open } = await begun(workplace);
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
        async (workplace) => {
          const { queue, store } = workplace;
          const { id, open } = await begun(workplace);
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
        expect(await counted(first)).toMatchObject({ hasNextPage: true, totalCount: 4 });
        const rest = await queue.jobs({ first: 5, after: first.items[1]?.cursor ?? '' });
        expect(rest.items.map(({ node }) => node.id)).toEqual(ids.slice(1));
        const filter = { states: ['completed'], kinds: ['ingest'] } as const;
        expect((await queue.jobs({ first: 5, filter })).items.map(({ node }) => node.id)).toEqual(ids);
        expect(await (await queue.jobs({ first: 5, filter: { kinds: ['tune'] } })).totalCount()).toBe(0);
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
        expect(await (await later.jobs({ first: 5 })).totalCount()).toBe(1);
      }));
  });
}
