import { mkdir, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { describeRedis } from '../servers/redis-server.js';
import { ended, linesOf, Workshop } from './workshop.js';

/** As `--json` prints a job. */
interface PrintedJob {
  readonly id: string;
  readonly state: string;
  readonly priority: string;
  readonly done: number;
  readonly total: number;
  readonly failed: number;
}

let workshop: Workshop;
beforeAll(async () => {
  workshop = await Workshop.open();
  await mkdir(workshop.path('pages'));
  await writeFile(workshop.path('pages', 'hensel.txt'), 'Fanny Hensel was born in Hamburg.');
  await writeFile(
    workshop.path('pages', 'long.txt'),
    `Clara Schumann was born in Leipzig.${' So.'.repeat(50)}`,
  );
  await writeFile(workshop.path('pages', 'empty.txt'), ' ');
  await writeFile(workshop.path('one.txt'), 'Amy Beach was born in Henniker.');
});
afterAll(() => workshop.close());

/** `neighborkb jobs …` */
const jobs = (args: readonly string[]) =>
  workshop.run(['jobs', ...args], '', { NEIGHBORKB_LOG_LEVEL: 'warn' });

/** The same as a process of its own, which takes a second to start. */
const jobsProcess = (args: readonly string[], environment: NodeJS.ProcessEnv = {}) =>
  ended(workshop.start(['jobs', ...args], { NEIGHBORKB_LOG_LEVEL: 'warn', ...environment }));

async function job(...args: string[]): Promise<PrintedJob> {
  const { code, stdout, stderr } = await jobs([...args, '--json']);
  expect([code, stderr]).toEqual([0, '']);
  const [printed] = linesOf<PrintedJob>(stdout);
  if (!printed) throw new Error('no job was printed');
  return printed;
}

/** A worker in a process of its own, ready to work. @returns ends it */
async function startWorker(environment: NodeJS.ProcessEnv = {}): Promise<() => Promise<void>> {
  const child = workshop.start(['worker'], { NEIGHBORKB_LOG_LEVEL: 'error', ...environment });
  onTestFinished(() => void child.kill('SIGKILL'));
  const end = ended(child);
  await new Promise<void>((resolve, reject) => {
    child.stdout.once('data', () => {
      resolve();
    });
    void end.then(({ stderr }) => {
      reject(new Error(`the worker ended: ${stderr}`));
    });
  });
  return async () => {
    child.kill('SIGTERM');
    expect((await end).code).toBe(0);
  };
}

describe('neighborkb jobs', () => {
  test('submits, steers and lists jobs while nobody works on them', async () => {
    const submitted = await jobsProcess(['submit', workshop.path('one.txt'), '--priority', 'high', '--json']);
    expect(submitted.code).toBe(0);
    const [{ id } = { id: '' }] = linesOf<PrintedJob>(submitted.stdout);
    expect(await job('show', id)).toMatchObject({ id, state: 'queued', priority: 'high', done: 0, total: 1 });
    expect(await job('pause', id)).toMatchObject({ state: 'paused' });
    const { stdout } = await jobsProcess(['list', '--state', 'paused']);
    expect(stdout).toMatch(new RegExp(`job +kind +state .*\n.*\n +${id} +ingest +paused +high +0 +1 +0 `));
    expect(await job('resume', id)).toMatchObject({ state: 'queued' });
    expect(await job('cancel', id)).toMatchObject({ state: 'cancelled' });
    expect((await jobs(['list', '--state', 'paused', '--json'])).stdout).toBe('');
  });

  test('nothing is queued where nothing was accepted', async () => {
    const before = (await jobs(['list', '--json'])).stdout;
    const [missing, malformed] = [workshop.path('nowhere.txt'), workshop.path('broken.jsonl')];
    await writeFile(malformed, '{"externalId": 7, "text": "Amy Beach was born in Henniker."}\n');
    expect(await jobs(['submit', missing])).toMatchObject({ code: 3 });
    expect(await jobs(['submit', malformed])).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/broken.jsonl:1: INVALID_DOCUMENT \(externalId\): .*\n.*there is no job/),
    });
    expect((await jobs(['list', '--json'])).stdout).toBe(before);
  });

  test.each([
    [['show', 'job_none'], 3, 'NOT_FOUND'],
    [['dead-letters', '--job', 'job_none'], 3, 'NOT_FOUND'],
    [['retry', 'job_none/first'], 2, '<job>/<position>'],
    [['list', '--state', 'asleep'], 2, 'queued, running, paused'],
    [['list', '--kind', 'chores'], 2, 'ingest, memory-build'],
    [['list', '--queue', 'kafka://here'], 2, 'expected embedded'],
  ])('%j ends with %d and says why', async (args, code, message) => {
    const refused = await jobs(args);
    expect([refused.code, refused.stderr]).toEqual([code, expect.stringContaining(message)]);
  });

  test('follows a job, shows its dead letters with their documents, and has them tried again', async () => {
    const submitted = await jobsProcess(['submit', workshop.path('pages')]);
    // What is malformed is a dead letter at once; the others are accepted.
    expect([submitted.code, submitted.stdout]).toEqual([3, expect.stringContaining('1 of 3, 1 failed')]);
    const id = submitted.stdout.split(' ')[0] ?? '';

    const stopNarrow = await startWorker({ NEIGHBORKB_MAX_TEXT_LENGTH: '100' });
    const followed = await jobsProcess(['follow', id]);
    expect(followed).toMatchObject({ code: 3 });
    expect(followed.stdout).toMatch(new RegExp(`^${id} +ingest +completed +3 of 3, 2 failed`));
    await stopNarrow();

    const letters = await jobs(['dead-letters', '--job', id]);
    const [malformed, long] = letters.stdout.split('\n');
    expect(malformed).toMatch(/empty.txt: EMPTY_TEXT \(text\): .*\[not kept\]$/);
    expect(long).toMatch(/long.txt: TEXT_TOO_LARGE \(text\): /);
    const text = await jobs(['dead-letters', '--job', id, '--text']);
    expect(linesOf(text.stdout)).toMatchObject([
      { externalId: 'long.txt', text: expect.stringContaining('Clara Schumann') },
    ]);

    expect(await job('retry', long?.split(' ')[0] ?? '')).toMatchObject({ done: 2, failed: 1 });
    const stopWide = await startWorker();
    await jobs(['follow', id]);
    await stopWide();
    expect(await job('show', id)).toMatchObject({ state: 'completed', done: 3, failed: 1 });
    const again = await jobs(['retry', id]);
    expect([again.code, again.stderr]).toEqual([3, expect.stringContaining('CONFLICT')]);
    const exported = await workshop.run(['export']);
    expect(exported.stdout).toContain('Clara Schumann');
    expect(exported.stdout).not.toContain('Amy Beach');
  }, 60_000);
});

describeRedis('neighborkb jobs over Redis', (redis) => {
  test('submits, lists, pauses and cancels jobs there, and says when Redis is away', async () => {
    // Tasks stay in the data folder, and are listed with what is in Redis: an empty one.
    const dataDir = workshop.path('front');
    const at = (...args: string[]) => jobs([...args, '--queue', redis().url, '--data-dir', dataDir]);
    const [submitted] = linesOf<PrintedJob>((await at('submit', workshop.path('one.txt'), '--json')).stdout);
    const id = submitted?.id ?? '';
    expect(linesOf<PrintedJob>((await at('list', '--json')).stdout)).toMatchObject([{ id, total: 1 }]);
    expect((await jobs(['show', id, '--data-dir', dataDir])).stderr).toContain('NOT_FOUND');
    expect((await at('pause', id)).stdout).toMatch(/paused/);
    expect((await at('cancel', id)).stdout).toMatch(/cancelled/);
    await redis().stop();
    try {
      const away = await at('list');
      expect([away.code, away.stderr]).toEqual([5, expect.stringContaining('QUEUE_UNAVAILABLE')]);
    } finally {
      await redis().resume();
    }
  });
});
