import { pino, type Logger } from 'pino';
import type { SqliteDatabase } from '../../store/sqlite/database.js';
import { leaseOwner } from '../lease.js';
import { Loop } from '../loop.js';
import { workRules, type QueueOptions } from '../queue-options.js';
import type { TaskRegistry } from '../tasks.js';
import { ItemRunner } from './item-runner.js';
import { ItemTable } from './item-table.js';
import { TaskRunner } from './task-runner.js';
import { TaskTable } from './task-table.js';

export interface WorkersParts {
  readonly database: SqliteDatabase;
  readonly options: QueueOptions;
  readonly tasks: TaskRegistry;
  /** Folder of the tasks' checkpoints. */
  readonly workDir: string;
  /** What tasks log to. Default: nowhere. */
  readonly logger: Logger | undefined;
  /** The states of these jobs changed. */
  readonly onChange: (jobIds: readonly string[]) => void;
}

/** What this process does of the jobs in the file: documents and tasks, beside each other. */
export class Workers {
  private readonly tasks: TaskRunner;
  private readonly loops: readonly Loop[];

  constructor({ database, options, tasks, workDir, logger, onChange }: WorkersParts) {
    const rules = workRules(options);
    const owner = leaseOwner();
    this.tasks = new TaskRunner({
      ...rules,
      onChange,
      table: new TaskTable(database, owner, rules.leaseTime),
      tasks,
      workDir,
      log: logger ?? pino({ level: 'silent' }),
    });
    const items =
      options.ingest &&
      new ItemRunner({
        ...rules,
        onChange,
        table: new ItemTable(database, owner, rules.leaseTime),
        ingest: options.ingest,
      });
    this.loops = [items, this.tasks]
      .filter((runner) => runner !== null)
      .map(
        (runner) =>
          new Loop({
            step: (stop) => runner.step(stop),
            onError: rules.onError,
            // The queue's own file refuses: nothing is lost, the work is tried again.
            pauseAfterError: rules.retryDelay,
          }),
      );
  }

  start(): void {
    for (const loop of this.loops) loop.start();
  }

  /** There is new work. */
  notify(): void {
    for (const loop of this.loops) loop.notify();
  }

  /** Asks a task to break off at its next checkpoint, if it is in hand here. */
  interrupt(id: string): void {
    this.tasks.interrupt(id);
  }

  /** Finishes the documents in hand; the task in hand goes on after the next start. */
  async stop(): Promise<void> {
    await Promise.all(this.loops.map((loop) => loop.stop()));
  }
}
