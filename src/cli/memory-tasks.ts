import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { runTaskNow, type JsonObject, type TaskHandler } from '../jobs/tasks.js';
import type { Io } from './io.js';
import { startProgress, StoppedError } from './progress.js';

/**
 * Runs a task in this process, with a bar for each of its steps. The first Ctrl-C lets it write its checkpoint.
 * @param unit what the task counts
 */
export async function runWithProgress<Input, Result extends JsonObject>(
  io: Io,
  handler: TaskHandler<Input, Result>,
  input: unknown,
  unit: string,
): Promise<Result> {
  const workDir = await mkdtemp(join(tmpdir(), 'neighborkb-task-'));
  let step = '';
  let bar: ReturnType<typeof startProgress> | null = null;
  try {
    return await runTaskNow(handler, input, {
      signal: io.stop,
      workDir,
      log: pino({ level: 'silent' }),
      progress: (progress) => {
        if (bar === null || (progress.step !== undefined && progress.step !== step)) {
          bar?.end();
          step = progress.step ?? step;
          bar = startProgress(io, step, unit);
        }
        // Nobody knows how long a corpus is before it has been read.
        void bar.update(progress.done, Math.max(progress.done, progress.total));
      },
    });
  } catch (error) {
    if (io.stop.aborted) throw new StoppedError('stopped', { cause: error });
    throw error;
  } finally {
    (bar as ReturnType<typeof startProgress> | null)?.end();
    await rm(workDir, { recursive: true, force: true });
  }
}
