import { describe, expect, test } from 'vitest';
import { collect, hold, inputs } from './sample-jobs.js';
import type { WithJobs } from './workplace.js';

export function followerContract(name: string, withJobs: WithJobs): void {
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
}
