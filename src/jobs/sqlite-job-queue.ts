import { EventEmitter } from 'node:events';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from 'pino';
import { NeighborKbError } from '../domain/errors.js';
import type { DocumentInput } from '../domain/model.js';
import type { Page } from '../store/graph-store.js';
import { SqliteDatabase } from '../store/sqlite/database.js';
import { documentOfLetter, listDeadLetters, listJobs } from './embedded/job-lists.js';
import { changesAfter, jobRow, jobsOf } from './embedded/job-rows.js';
import { JobTable } from './embedded/job-table.js';
import { prune } from './embedded/pruning.js';
import { Workers } from './embedded/workers.js';
import { changeOf, finalOf, JobFollower, orFinalState, type JobHistory } from './job-follower.js';
import type {
  DeadLetter,
  DeadLetterQuery,
  Job,
  JobQuery,
  JobQueue,
  SubmitOptions,
  TaskQueue,
} from './job-queue.js';
import { retentionOf, type QueueOptions } from './queue-options.js';
import { noDocuments, stillThere } from './refusals.js';
import { PRUNE_INTERVAL } from './retention.js';
import { DEFAULT_RUNNER_OPTIONS } from './runner-options.js';
import { sift } from './sift.js';
import { TaskRegistry, type TaskKind } from './tasks.js';

export interface SqliteJobQueueOptions extends QueueOptions {
  /** The queue's own database file, beside the store's; created where it does not exist. */
  readonly file: string;
  /** The folder `migrations/` of the package. */
  readonly migrationsDir: string;
  /** What this process can do beside ingestion. Default: nothing. */
  readonly tasks?: TaskRegistry;
  /** Folder of the tasks' checkpoints. Default: `jobs` beside the file. */
  readonly workDir?: string;
  /** What tasks log to. Default: nowhere. */
  readonly logger?: Logger;
}

/** "NKBj" in ASCII: marks a SQLite file as a queue of NeighborKB. */
export const APPLICATION_ID = 0x4e4b426a;

/**
 * The queue on one machine: jobs in a SQLite file that several processes may share, each working on what it has
 * leased there.
 */
export class SqliteJobQueue implements JobQueue, TaskQueue, JobHistory {
  readonly events = new EventEmitter().setMaxListeners(0);
  readonly pollInterval: number;
  private opened: Opened | null = null;

  constructor(private readonly options: SqliteJobQueueOptions) {
    this.pollInterval = options.pollInterval ?? DEFAULT_RUNNER_OPTIONS.pollInterval;
  }

  async start(): Promise<void> {
    if (this.opened) return;
    const { file, migrationsDir, capacity } = this.options;
    const database = await SqliteDatabase.open({
      file,
      migrations: path.join(migrationsDir, 'jobs'),
      applicationId: APPLICATION_ID,
    });
    const workers = new Workers({
      ...{ database, options: this.options, tasks: this.tasks, workDir: this.workDir },
      ...{ logger: this.options.logger, onChange: (ids) => this.tell(ids) },
    });
    const pruning = setInterval(() => void this.prune().catch(this.onError), PRUNE_INTERVAL).unref();
    this.opened = { database, table: new JobTable(database, capacity), workers, pruning };
    await this.prune();
    workers.start();
  }

  async stop(): Promise<void> {
    const { opened } = this;
    if (!opened) return;
    clearInterval(opened.pruning);
    await opened.workers.stop();
    this.opened = null;
    this.events.emit('end');
    await opened.database.close();
  }

  async submit(documents: readonly DocumentInput[], options: SubmitOptions = {}): Promise<Job> {
    const { priority = 'normal', open = false } = options;
    if (documents.length === 0 && !open) throw noDocuments();
    return this.changed(
      await this.running.table.insert(sift(documents, this.options.limits), priority, open),
    );
  }

  async submitTask(
    kind: TaskKind,
    input: unknown,
    { priority = 'normal' }: Pick<SubmitOptions, 'priority'> = {},
  ): Promise<Job> {
    const checked = this.tasks.check(kind, input);
    return this.changed(await this.running.table.insertTask(kind, checked, priority));
  }

  async append(id: string, documents: readonly DocumentInput[]): Promise<Job> {
    if (documents.length === 0) throw noDocuments();
    await this.running.table.append(id, sift(documents, this.options.limits));
    return this.changed(id);
  }

  async seal(id: string): Promise<Job> {
    await this.running.table.seal(id);
    return this.changed(id);
  }

  async pause(id: string): Promise<Job> {
    await this.running.table.pause(id);
    this.running.workers.interrupt(id);
    return this.changed(id);
  }

  async resume(id: string): Promise<Job> {
    await this.running.table.resume(id);
    return this.changed(id);
  }

  async cancel(id: string): Promise<Job> {
    const { isIdle } = await this.running.table.cancel(id);
    // Whoever has a task in hand removes its checkpoints once it has broken off.
    if (isIdle) await this.removeWork(id);
    this.running.workers.interrupt(id);
    return this.changed(id);
  }

  async retry(id: string, positions?: readonly number[]): Promise<Job> {
    await this.running.table.retry(id, positions ?? null);
    return this.changed(id);
  }

  async job(id: string): Promise<Job | null> {
    const { reader } = this.running.database;
    const row = jobRow(reader, id);
    return row ? (jobsOf(reader, [row])[0] ?? null) : null;
  }

  async jobs(query: JobQuery): Promise<Page<Job>> {
    return listJobs(this.running.database.reader, query);
  }

  async deadLetters(query: DeadLetterQuery): Promise<Page<DeadLetter>> {
    return listDeadLetters(this.running.database.reader, query);
  }

  async deadLetterDocument(jobId: string, position: number): Promise<DocumentInput | null> {
    return documentOfLetter(this.running.database.reader, jobId, position);
  }

  follow(id: string, afterSequence = 0): AsyncIterableIterator<Job> {
    return new JobFollower(this, id, afterSequence);
  }

  async finished(id: string): Promise<Job> {
    return finalOf(this, id);
  }

  async changesAfter(id: string, sequence: number): Promise<readonly Job[]> {
    const { reader } = this.running.database;
    return orFinalState(changesAfter(reader, id, sequence), this, id, sequence);
  }

  /** Tells followers and runners, and gives the job as it is now. */
  private async changed(id: string): Promise<Job> {
    this.tell([id]);
    this.running.workers.notify();
    return stillThere(id, await this.job(id));
  }

  private tell(ids: readonly string[]): void {
    for (const id of ids) this.events.emit(changeOf(id));
  }

  private async prune(): Promise<void> {
    for (const id of await prune(this.running.database, retentionOf(this.options))) await this.removeWork(id);
  }

  private async removeWork(id: string): Promise<void> {
    await rm(path.join(this.workDir, id), { recursive: true, force: true });
  }

  private readonly onError = (error: unknown): void => this.options.onError?.(error);

  private get workDir(): string {
    return this.options.workDir ?? path.join(path.dirname(this.options.file), 'jobs');
  }

  private get tasks(): TaskRegistry {
    return this.options.tasks ?? NO_TASKS;
  }

  private get running(): Opened {
    if (!this.opened)
      throw new NeighborKbError('QUEUE_UNAVAILABLE', `the job queue ${this.options.file} is not started`);
    return this.opened;
  }
}

const NO_TASKS = new TaskRegistry();

interface Opened {
  readonly database: SqliteDatabase;
  readonly table: JobTable;
  readonly workers: Workers;
  readonly pruning: NodeJS.Timeout;
}
