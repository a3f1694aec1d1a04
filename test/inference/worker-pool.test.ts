import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { WorkerPool, workerFile } from '../../src/inference/worker-pool.js';
import { temporaryFolder } from '../memory/temporary.js';

type Task = 'answer' | 'throw' | 'die' | 'wait';

/** Two threads that answer, throw or die as they are told. */
async function pool(): Promise<WorkerPool<Task, string>> {
  const file = join(await temporaryFolder(), 'worker.mjs');
  await writeFile(
    file,
    `export default (task) => {
       if (task === 'throw') throw new Error('thrown');
       if (task === 'die') process.exit(3);
       return task === 'wait' ? new Promise((resolve) => setTimeout(resolve, 60_000)) : 'answered';
     };`,
  );
  const made = new WorkerPool<Task, string>({ file, workers: 2, workerData: null, what: 'test worker' });
  onTestFinished(() => made.close());
  return made;
}

test('a task that throws rejects with a typed error that says where, and harms no other', async () => {
  const workers = await pool();
  const [answer, failure] = await Promise.allSettled([workers.run('answer'), workers.run('throw')]);
  expect(answer).toEqual({ status: 'fulfilled', value: 'answered' });
  expect(failure).toMatchObject({ reason: { code: 'INTERNAL', message: 'test worker: thrown' } });
});

test('a worker that dies rejects its task and is replaced', async () => {
  const workers = await pool();
  for (let i = 0; i < 3; i++) await expect(workers.run('die')).rejects.toMatchObject({ code: 'INTERNAL' });
  await expect(Promise.all(Array.from({ length: 8 }, () => workers.run('answer')))).resolves.toHaveLength(8);
});

test('closing rejects what waits', async () => {
  const workers = await pool();
  const waiting = [workers.run('wait'), workers.run('wait'), workers.run('answer')].map((run) =>
    expect(run).rejects.toMatchObject({ code: 'INTERNAL' }),
  );
  await workers.close();
  await Promise.all(waiting);
});

test('code that runs from src uses the build of its worker, and says so when there is none', async () => {
  const root = await temporaryFolder();
  const caller = pathToFileURL(join(root, 'src', 'part', 'caller.ts')).href;
  expect(() => workerFile(caller, 'some-worker')).toThrow(
    /dist.part.some-worker\.js is missing: run `npm run build`/,
  );
});
