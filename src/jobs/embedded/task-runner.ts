import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from 'pino';
import { brokenOff, jobErrorOf, verdictOf } from '../failures.js';
import { Loop } from '../loop.js';
import type { RunnerOptions } from '../runner-options.js';
import type { JsonObject, TaskProgress, TaskRegistry } from '../tasks.js';
import type { LeasedTask, TaskTable } from './task-table.js';

export interface TaskRunnerParts extends RunnerOptions {
  readonly table: TaskTable;
  readonly tasks: TaskRegistry;
  /** Each task has a folder of its own in here, named by its job. */
  readonly workDir: string;
  readonly log: Logger;
  readonly storeAnswers: () => Promise<boolean>;
  readonly onChange: (jobIds: readonly string[]) => void;
  readonly onError: (error: unknown) => void;
}

/** Milliseconds between notes of a task's progress. */
const PROGRESS_INTERVAL = 500;

/** Does the tasks, one at a time: each takes all that the machine has. */
export class TaskRunner {
  private readonly loop: Loop;
  private inHand: { readonly id: string; readonly abort: AbortController } | null = null;

  constructor(private readonly parts: TaskRunnerParts) {
    this.loop = new Loop({
      step: (stop) => this.step(stop),
      onError: parts.onError,
      pauseAfterError: parts.retryDelay,
    });
  }

  start(): void {
    this.loop.start();
  }

  notify(): void {
    this.loop.notify();
  }

  /** Asks the task in hand to break off at its next checkpoint, if it is this one. */
  interrupt(id: string): void {
    if (this.inHand?.id === id) this.inHand.abort.abort();
  }

  /** The task in hand goes on after the next start. */
  async stop(): Promise<void> {
    this.inHand?.abort.abort();
    await this.loop.stop();
  }

  private async step(stop: AbortSignal): Promise<number> {
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
    this.parts.onError(error);
    const shown = jobErrorOf(error, 'the task');
    const storeAnswers = shown.code !== 'STORE_UNAVAILABLE' || (await this.parts.storeAnswers());
    const verdict = verdictOf(shown, task.tries, this.parts, storeAnswers);
    if (verdict.isFinal) await this.parts.table.fail(task.key, shown);
    else await this.parts.table.release(task.key, verdict.wait, verdict.counts);
  }

  private async removeWork(id: string): Promise<void> {
    await rm(path.join(this.parts.workDir, id), { recursive: true, force: true }).catch(this.parts.onError);
  }
}

/** Notes progress down now and then: the latest, never all. */
class ProgressNotes {
  private latest: TaskProgress | null = null;
  private step: string | undefined;
  private lastNote = -Infinity;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly write: (progress: TaskProgress) => Promise<void>,
    private readonly onError: (error: unknown) => void,
  ) {}

  add(progress: TaskProgress): void {
    const isNewStep = progress.step !== undefined && progress.step !== this.step;
    this.step = progress.step ?? this.step;
    this.latest = this.step === undefined ? progress : { ...progress, step: this.step };
    if (isNewStep || performance.now() - this.lastNote >= PROGRESS_INTERVAL) this.flush().catch(this.onError);
  }

  async flush(): Promise<void> {
    const { latest } = this;
    this.latest = null;
    if (latest) {
      this.lastNote = performance.now();
      this.writing = this.writing.catch(() => undefined).then(() => this.write(latest));
    }
    await this.writing;
  }
}
