import { EventEmitter } from 'node:events';
import path from 'node:path';
import { NeighborKbError } from '../domain/errors.js';
import type { DocumentInput } from '../domain/model.js';
import { validateBatch, type DocumentLimits } from '../extraction/document-input.js';
import { SqliteDatabase } from '../store/sqlite/database.js';
import type { IngestOutcome } from './document-ingester.js';
import { readChanges, type PlacedFailure } from './job-changes.js';
import { changeOf, JobFollower, type JobHistory } from './job-follower.js';
import type { Job, JobQueue } from './job-queue.js';
import { JobRunner, type JobRunnerOptions } from './job-runner.js';
import { JobTable, type Submission } from './job-table.js';

export interface SqliteJobQueueOptions extends Partial<JobRunnerOptions> {
  /** The queue's own database file, beside the store's; created where it does not exist. */
  readonly file: string;
  /** The folder `migrations/` of the package. */
  readonly migrationsDir: string;
  /** Most documents that may wait. */
  readonly capacity: number;
  readonly limits: DocumentLimits;
  /** Extracts and stores a batch; outcomes in the order of the documents. */
  readonly ingest: (documents: readonly DocumentInput[]) => Promise<readonly IngestOutcome[]>;
  /** Hears of errors that no document is to blame for. */
  readonly onError?: (error: unknown) => void;
}

/** "NKBj" in ASCII: marks a SQLite file as a queue of NeighborKB. */
const APPLICATION_ID = 0x4e4b426a;

const DEFAULTS: JobRunnerOptions = {
  batchDocuments: 32,
  batchUnits: 50_000,
  maxAttempts: 3,
  retryDelay: 500,
};

/**
 * The queue on one machine: jobs in a SQLite file, worked off in this process. One process at a time should
 * work on a file; several may only make each other repeat work, since saving is idempotent.
 */
export class SqliteJobQueue implements JobQueue, JobHistory {
  readonly events = new EventEmitter().setMaxListeners(0);
  private opened: { database: SqliteDatabase; table: JobTable; runner: JobRunner } | null = null;

  constructor(private readonly options: SqliteJobQueueOptions) {}

  async start(): Promise<void> {
    if (this.opened) return;
    const { file, migrationsDir, ingest, onError = () => undefined, ...given } = this.options;
    const database = await SqliteDatabase.open({
      file,
      migrations: path.join(migrationsDir, 'jobs'),
      applicationId: APPLICATION_ID,
    });
    const table = new JobTable(database);
    const onChange = (ids: readonly string[]) => {
      for (const id of ids) this.events.emit(changeOf(id));
    };
    const runner = new JobRunner({ ...DEFAULTS, ...given, table, ingest, onChange, onError });
    this.opened = { database, table, runner };
    runner.start();
  }

  async stop(): Promise<void> {
    const { opened } = this;
    if (!opened) return;
    await opened.runner.stop();
    this.opened = null;
    this.events.emit('end');
    await opened.database.close();
  }

  async submit(documents: readonly DocumentInput[]): Promise<Job> {
    if (documents.length === 0)
      throw new NeighborKbError('INVALID_ARGUMENT', 'a job needs at least one document', ['documents']);
    const { table, runner } = this.running;
    const id = await table.insert(sift(documents, this.options.limits), this.options.capacity);
    runner.notify();
    const job = await this.job(id);
    if (!job) throw new NeighborKbError('INTERNAL', `job ${id} is gone`);
    return job;
  }

  async job(id: string): Promise<Job | null> {
    return readChanges(this.running.database.reader, id, 0, true)[0] ?? null;
  }

  follow(id: string, afterSequence = 0): AsyncIterableIterator<Job> {
    return new JobFollower(this, id, afterSequence);
  }

  async finished(id: string): Promise<Job> {
    for await (const job of this.follow(id)) if (job.finishedAt) return job;
    throw new NeighborKbError('CONFLICT', `the queue stopped before job ${id} was finished`);
  }

  changesAfter(id: string, sequence: number): readonly Job[] {
    const { reader } = this.running.database;
    const changes = readChanges(reader, id, sequence);
    if (changes.length > 0) return changes;
    const [last] = readChanges(reader, id, 0, true);
    if (!last) throw new NeighborKbError('NOT_FOUND', `there is no job ${id}`, ['id']);
    // Resumed past the end: the final state again, so that a follower is not left waiting.
    return last.finishedAt ? [last] : [];
  }

  private get running() {
    if (!this.opened)
      throw new NeighborKbError('STORE_UNAVAILABLE', `the job queue ${this.options.file} is not started`);
    return this.opened;
  }
}

/** Bad documents are refused at once and take no room; the others wait. */
function sift(documents: readonly DocumentInput[], limits: DocumentLimits): Submission {
  const accepted: { position: number; document: DocumentInput }[] = [];
  const refused: PlacedFailure[] = [];
  for (const [position, check] of validateBatch(documents, limits).entries())
    if (check.ok) accepted.push({ position, document: check.document });
    else {
      const { code, message, path: field } = check.error;
      refused.push({ position, externalId: check.externalId, code, message, path: field });
    }
  return { accepted, refused };
}
