import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { NeighborKbError } from '../../src/domain/errors.js';
import { TaskRegistry, type TaskContext, type TaskHandler } from '../../src/jobs/tasks.js';
import { collect } from './sample-jobs.js';
import { withWorkplace } from './workplace.js';

interface Counting {
  readonly to: number;
}

/** Counts up to a number, a step at a time, with a checkpoint after each. */
class CountingTask implements TaskHandler<Counting> {
  readonly kind = 'tune';
  /** Numbers that each run counted. */
  readonly runs: number[][] = [];
  /** Called at each number, before its checkpoint is written. */
  at: (number: number, context: TaskContext) => Promise<void> | void = () => undefined;

  parse(json: unknown): Counting {
    const { to } = json as Counting;
    if (!(to > 0)) throw new NeighborKbError('INVALID_ARGUMENT', 'expected a positive number', ['to']);
    return { to };
  }

  async run({ to }: Counting, context: TaskContext) {
    const file = path.join(context.workDir, 'count');
    const counted: number[] = [];
    this.runs.push(counted);
    for (let number = await read(file); number < to; number++) {
      await this.at(number, context);
      context.signal.throwIfAborted();
      counted.push(number);
      await writeFile(file, String(number + 1));
      context.progress({ done: number + 1, total: to, step: `counting to ${to}` });
    }
    return { counted: to };
  }
}

async function read(file: string): Promise<number> {
  return readFile(file, 'utf8').then(Number, () => 0);
}

const withTask = (
  body: (parts: Parameters<Parameters<typeof withWorkplace>[0]>[0] & { task: CountingTask }) => Promise<void>,
) => {
  const task = new CountingTask();
  return withWorkplace((parts) => body({ ...parts, task }), { tasks: new TaskRegistry([task]) });
};

/** Holds a task up at a number until it is interrupted, once. */
function holdAt(task: CountingTask, held: number): Promise<void> {
  return new Promise((arrived) => {
    task.at = async (number, { signal }) => {
      if (number !== held || task.runs.length > 1) return;
      arrived();
      await delay(20_000, undefined, { signal }).catch(() => undefined);
    };
  });
}

describe('tasks', () => {
  test('a task runs, tells how far it is, and leaves its result', () =>
    withTask(async ({ queue, folder }) => {
      await queue.start();
      const job = await queue.submitTask('tune', { to: 3 }, { priority: 'high' });
      expect(job).toMatchObject({ kind: 'tune', state: 'queued', total: 0, priority: 'high', result: null });
      const states = await collect(queue.follow(job.id));
      expect(states.at(-1)).toMatchObject({
        ...{
          state: 'completed',
          done: 3,
          total: 3,
          step: 'counting to 3',
          result: { counted: 3 },
          error: null,
        },
      });
      expect(states[0]).toMatchObject({ result: null, finishedAt: null });
      // Its checkpoints are gone with it; the runner removes them after the last state.
      await expect.poll(() => stat(path.join(folder, 'jobs', job.id)).catch(() => null)).toBeNull();
    }));

  test('input is checked before the job is accepted', () =>
    withTask(async ({ queue }) => {
      await queue.start();
      const bad = queue.submitTask('tune', { to: -1 });
      await expect(bad).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', path: ['input', 'to'] });
      const unknown = queue.submitTask('evaluate', {});
      await expect(unknown).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', path: ['kind'] });
      expect(await (await queue.jobs({ first: 1 })).totalCount()).toBe(0);
    }));

  test('a task goes on from its checkpoint after a stop', () =>
    withTask(async ({ queue, restarted, task }) => {
      const arrived = holdAt(task, 2);
      await queue.start();
      const { id } = await queue.submitTask('tune', { to: 4 });
      await arrived;
      await queue.stop();
      const next = restarted();
      await next.start();
      expect(await next.finished(id)).toMatchObject({ state: 'completed', result: { counted: 4 } });
      expect(task.runs).toEqual([
        [0, 1],
        [2, 3],
      ]);
    }));

  test('a paused task breaks off, and goes on from its checkpoint when it is resumed', () =>
    withTask(async ({ queue, task }) => {
      const arrived = holdAt(task, 1);
      await queue.start();
      const { id } = await queue.submitTask('tune', { to: 3 });
      await arrived;
      expect(await queue.pause(id)).toMatchObject({ state: 'paused' });
      // Another task has its turn meanwhile.
      const other = await queue.submitTask('tune', { to: 1 });
      expect(await queue.finished(other.id)).toMatchObject({ state: 'completed' });
      expect(await queue.job(id)).toMatchObject({ state: 'paused' });
      await queue.resume(id);
      expect(await queue.finished(id)).toMatchObject({ state: 'completed' });
      expect(task.runs).toEqual([[0], [0], [1, 2]]);
    }));

  test('a cancelled task breaks off and its checkpoint is removed', () =>
    withTask(async ({ queue, task, folder }) => {
      const arrived = holdAt(task, 1);
      await queue.start();
      const { id } = await queue.submitTask('tune', { to: 3 });
      await arrived;
      expect(await queue.cancel(id)).toMatchObject({ state: 'cancelled', finishedAt: expect.any(Date) });
      await expect.poll(() => stat(path.join(folder, 'jobs', id)).catch(() => null)).toBeNull();
      expect(await queue.job(id)).toMatchObject({ state: 'cancelled', result: null });
    }));

  test('the checkpoint of a paused task that is cancelled is removed', () =>
    withTask(async ({ queue, task, folder }) => {
      const arrived = holdAt(task, 1);
      await queue.start();
      const { id } = await queue.submitTask('tune', { to: 3 });
      await arrived;
      await queue.pause(id);
      await delay(200);
      await stat(path.join(folder, 'jobs', id));
      await queue.cancel(id);
      await expect.poll(() => stat(path.join(folder, 'jobs', id)).catch(() => null)).toBeNull();
    }));

  test('a task whose input is at fault fails at once and says why', () =>
    withTask(async ({ queue, task }) => {
      task.at = () => {
        throw new NeighborKbError('INVALID_FILE', 'line 3 is not JSON', ['file']);
      };
      await queue.start();
      const { id } = await queue.submitTask('tune', { to: 3 });
      expect(await queue.finished(id)).toMatchObject({
        ...{
          state: 'failed',
          error: { code: 'INVALID_FILE', message: 'line 3 is not JSON', path: ['file'] },
        },
      });
      expect(task.runs).toHaveLength(1);
      task.at = () => undefined;
      expect(await queue.retry(id)).toMatchObject({ state: 'queued', error: null, finishedAt: null });
      expect(await queue.finished(id)).toMatchObject({ state: 'completed', result: { counted: 3 } });
      await expect(queue.retry(id)).rejects.toMatchObject({ code: 'CONFLICT' });
      await expect(queue.seal(id)).rejects.toMatchObject({ code: 'CONFLICT' });
    }));

  test('an error that may pass is tried again a few times, and masked', () =>
    withTask(async ({ queue, task, errors }) => {
      task.at = (number) => {
        if (number === 1 && task.runs.length < 3) throw new Error('secret of the machine');
      };
      await queue.start();
      const { id } = await queue.submitTask('tune', { to: 2 });
      expect(await queue.finished(id)).toMatchObject({ state: 'completed' });
      expect(errors).toHaveLength(2);
      task.at = () => {
        throw new Error('secret of the machine');
      };
      const failing = await queue.submitTask('tune', { to: 2 });
      const { error } = await queue.finished(failing.id);
      expect(error).toMatchObject({ code: 'INTERNAL' });
      expect(error?.message).not.toContain('secret');
    }));

  test('a task that fails for what it was given is a warning without a stack, another one an error', async () => {
    const lines: string[] = [];
    const logger = pino({ base: null, timestamp: false }, { write: (line) => void lines.push(line) });
    const task = new CountingTask();
    await withWorkplace(
      async ({ queue, errors }) => {
        task.at = () => {
          throw new NeighborKbError('INVALID_FILE', 'numbers.txt:3: is no number', ['file']);
        };
        await queue.start();
        const { id } = await queue.submitTask('tune', { to: 2 });
        expect(await queue.finished(id)).toMatchObject({ state: 'failed', error: { code: 'INVALID_FILE' } });
        expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
          {
            ...{ level: 40, job: id, kind: 'tune', code: 'INVALID_FILE', path: ['file'] },
            msg: 'task refused: numbers.txt:3: is no number',
          },
        ]);
        expect(errors).toEqual([]);
        task.at = () => {
          throw new NeighborKbError('STORE_UNAVAILABLE', 'the disk is full');
        };
        await queue.submitTask('tune', { to: 2 });
        await expect.poll(() => errors).toMatchObject([{ code: 'STORE_UNAVAILABLE' }]);
        expect(lines).toHaveLength(1);
      },
      { tasks: new TaskRegistry([task]), logger, retryDelay: 10_000 },
    );
  });

  test('of two processes that share the file one does the task', () =>
    withTask(async ({ queue, restarted, task }) => {
      const second = restarted();
      await Promise.all([queue.start(), second.start()]);
      const { id } = await second.submitTask('tune', { to: 5 });
      expect(await queue.finished(id)).toMatchObject({ state: 'completed' });
      expect(task.runs).toHaveLength(1);
    }));
});
