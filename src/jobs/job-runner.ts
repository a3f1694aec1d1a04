import { setTimeout as delay } from 'node:timers/promises';
import { NeighborKbError, type ErrorCode } from '../domain/errors.js';
import type { DocumentInput } from '../domain/model.js';
import type { IngestOutcome } from './document-ingester.js';
import type { JobFailure } from './job-queue.js';
import type { ItemResult, JobItem, JobTable } from './job-table.js';

export interface JobRunnerOptions {
  /** Documents of one batch at most. */
  readonly batchDocuments: number;
  /** UTF-16 units of text of one batch at most, one document excepted. */
  readonly batchUnits: number;
  /** Times that work on a document may break off before it counts as failed. */
  readonly maxAttempts: number;
  /** Wait before work that broke off is tried again, milliseconds, times the attempts so far. */
  readonly retryDelay: number;
}

export interface JobRunnerParts extends JobRunnerOptions {
  readonly table: JobTable;
  readonly ingest: (documents: readonly DocumentInput[]) => Promise<readonly IngestOutcome[]>;
  /** The states of these jobs changed. */
  readonly onChange: (jobIds: readonly string[]) => void;
  /** Something went wrong that no document is to blame for. */
  readonly onError: (error: unknown) => void;
}

/** Works off the queue, batch after batch, and sleeps when it is empty. */
export class JobRunner {
  private stopping: AbortController | null = null;
  private loop: Promise<void> = Promise.resolve();
  private wake: (() => void) | null = null;
  private hasNews = false;

  constructor(private readonly parts: JobRunnerParts) {}

  start(): void {
    if (this.stopping) return;
    this.stopping = new AbortController();
    this.loop = this.run(this.stopping.signal);
  }

  /** There is new work. */
  notify(): void {
    this.hasNews = true;
    this.wake?.();
  }

  /** Finishes the batch in hand. */
  async stop(): Promise<void> {
    this.stopping?.abort();
    this.notify();
    await this.loop;
    this.stopping = null;
  }

  private async run(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      this.hasNews = false;
      try {
        const batch = this.parts.table.next(this.parts.batchDocuments, this.parts.batchUnits);
        if (batch.length === 0) await this.news();
        else await this.work(batch, stop);
      } catch (error) {
        // The queue's own file refuses: nothing is lost, the work is tried again.
        this.parts.onError(error);
        await pause(this.parts.retryDelay, stop);
      }
    }
  }

  private async work(batch: readonly JobItem[], stop: AbortSignal): Promise<void> {
    const spent = batch.filter(({ attempts }) => attempts >= this.parts.maxAttempts);
    if (spent.length > 0) return this.finish(spent.map(brokenOff));

    this.parts.onChange(await this.parts.table.begin(batch));
    let results: ItemResult[];
    try {
      const outcomes = await this.parts.ingest(batch.map(({ document }) => document));
      results = batch.flatMap((item, index) => resultOf(item, outcomes[index]));
    } catch (error) {
      this.parts.onError(error);
      results = batch.length === 1 ? batch.map((item) => ({ item, failure: failureOf(item, error) })) : [];
    }
    // Where the machine may be to blame the document is tried again.
    const unsure = results.filter(({ failure }) => failure !== null && PASSING.has(failure.code));
    await this.finish(results.filter((result) => !unsure.includes(result) || this.isLastTry(result.item)));
    // What is not finished has an attempt more now: it comes again, alone.
    const attempts = Math.max(...batch.map((item) => item.attempts + 1));
    if (results.length < batch.length || unsure.length > 0)
      await pause(this.parts.retryDelay * attempts, stop);
  }

  private isLastTry({ attempts }: JobItem): boolean {
    return attempts + 1 >= this.parts.maxAttempts;
  }

  private async finish(results: readonly ItemResult[]): Promise<void> {
    if (results.length > 0) this.parts.onChange(await this.parts.table.finish(results));
  }

  private async news(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      if (this.hasNews || this.stopping?.signal.aborted) resolve();
    });
    this.wake = null;
  }
}

function resultOf(item: JobItem, outcome: IngestOutcome | undefined): ItemResult[] {
  if (!outcome) return [];
  if (outcome.ok) return [{ item, failure: null }];
  return [{ item, failure: failureOf(item, outcome.error) }];
}

function failureOf(item: JobItem, error: unknown): JobFailure {
  const { externalId } = item.document;
  if (error instanceof NeighborKbError) {
    const { code, message, path } = error;
    return { externalId, code, message, path };
  }
  return {
    externalId,
    code: 'INTERNAL',
    message: 'the document could not be processed; the log says why',
    path: [],
  };
}

function brokenOff(item: JobItem): ItemResult {
  const message = `work on this document broke off ${item.attempts} times`;
  return { item, failure: failureOf(item, new NeighborKbError('INTERNAL', message)) };
}

/** Errors that may pass: the document is not to blame. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['STORE_UNAVAILABLE', 'INTERNAL']);

async function pause(milliseconds: number, stop: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal: stop }).catch(() => undefined);
}
