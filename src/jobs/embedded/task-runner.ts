import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from 'pino';
import { brokenOff, isRefusal, jobErrorOf, storeAnswersAfter, verdictOf } from '../failures.js';
import type { JobError } from '../job-queue.js';
import type { WorkRules } from '../queue-options.js';
import type { JsonObject, TaskRegistry } from '../tasks.js';
import { ProgressNotes } from './progress-notes.js';
import type { LeasedTask, TaskTable } from './task-table.js';

export interface TaskRunnerParts extends WorkRules {
  readonly table: TaskTable;
  readonly tasks: TaskRegistry;
  /** Each task has a folder of its own in here, named by its job. */
  readonly workDir: string;
  readonly log: Logger;
  /** The states of these jobs changed. */
  readonly onChange: (jobIds: readonly string[]) => void;
}

/** Does the tasks, one at a time: each takes all that the machine has. */
export class TaskRunner {
  private inHand: { readonly id: string; readonly abort: AbortController } | null = null;

  constructor(private readonly parts: TaskRunnerParts) {}

  /** Asks the task in hand to break off at its next checkpoint, if it is this one. */
  interrupt(id: string): void {
    if (this.inHand?.id === id) this.inHand.abort.abort();
  }

  /**
   * Does the next task, or goes on with it.
   *
   * @param stop breaks it off at its next checkpoint: it goes on after the next start
   * @returns milliseconds to sleep unless there is news; 0 to go on at once
   */
  async step(stop: AbortSignal): Promise<number> {
    const { table, tasks, pollInterval, maxBreaks } = this.parts;
    const task = await table.lease(tasks.kinds);
    if (!task) return pollInterval;
    this.parts.onChange([task.id]);
    if (task.breaks >= maxBreaks) await table.fail(task.key, brokenOff('this task', task.breaks));
    else if (stop.aborted) await table.release(task.key, 0, false);
    else await this.run(task, stop);
    this.parts.onChange([task.id]);
    return 0;
  }

  private async run(task: LeasedTask, stop: AbortSignal): Promise<void> {
    const { table, leaseTime, onError } = this.parts;
    const abort = new AbortController();
    const onStop = () => abort.abort();
    stop.addEventListener('abort', onStop);
    this.inHand = { id: task.id, abort };
    // Another process may pause or cancel the job, or take it where this one was suspended for too long.
    const heartbeat = setInterval(
      () => {
        table.renew(task.key).then((state) => state === 'running' || abort.abort(), onError);
      },
      Math.min(leaseTime / 3, 2000),
    );
    try {
      await this.attempt(task, abort.signal);
    } finally {
      clearInterval(heartbeat);
      stop.removeEventListener('abort', onStop);
      this.inHand = null;
    }
    const state = table.stateOf(task.key);
    if (state === null || state === 'completed' || state === 'cancelled') await this.removeWork(task.id);
  }

  private async attempt(task: LeasedTask, signal: AbortSignal): Promise<void> {
    const { table, tasks, log, onError } = this.parts;
    const notes = new ProgressNotes(async (progress) => {
      await table.progress(task.key, progress);
      this.parts.onChange([task.id]);
    }, onError);
    try {
      const handler = tasks.get(task.kind);
      const workDir = path.join(this.parts.workDir, task.id);
      await mkdir(workDir, { recursive: true });
      const result: JsonObject = await handler.run(handler.parse(task.input), {
        ...{ signal, workDir, log: log.child({ job: task.id, kind: task.kind }) },
        progress: (progress) => notes.add(progress),
      });
      await notes.flush();
      await table.complete(task.key, result);
    } catch (error) {
      await notes.flush().catch(onError);
      if (signal.aborted) await table.release(task.key, 0, false);
      else await this.failed(task, error);
    }
  }

  private async failed(task: LeasedTask, error: unknown): Promise<void> {
    const shown = jobErrorOf(error, 'the task');
    const storeAnswers = await storeAnswersAfter([shown], this.parts.storeAnswers);
    const verdict = verdictOf(shown, task.tries, this.parts, storeAnswers);
    if (isRefusal(shown)) this.warn(task, shown);
    else this.parts.onError(error, verdict.isFinal);
    if (verdict.isFinal) await this.parts.table.fail(task.key, shown);
    else await this.parts.table.release(task.key, verdict.wait, verdict.counts);
  }

  private warn({ id, kind }: LeasedTask, { code, message, path: field }: JobError): void {
    this.parts.log.warn({ job: id, kind, code, path: field }, `task refused: ${message}`);
  }

  private async removeWork(id: string): Promise<void> {
    await rm(path.join(this.parts.workDir, id), { recursive: true, force: true }).catch(this.parts.onError);
  }
}
