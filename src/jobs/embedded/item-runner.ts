import type { IngestOutcome } from '../document-ingester.js';
import { backoff, brokenOff, jobErrorOf, verdictOf } from '../failures.js';
import type { JobError, JobFailure } from '../job-queue.js';
import { Loop } from '../loop.js';
import type { IngestBatch, RunnerOptions } from '../runner-options.js';
import type { ItemResult, ItemTable, JobItem } from './item-table.js';

export interface ItemRunnerParts extends RunnerOptions {
  readonly table: ItemTable;
  readonly ingest: IngestBatch;
  /** Whether the graph store answers. */
  readonly storeAnswers: () => Promise<boolean>;
  /** The states of these jobs changed. */
  readonly onChange: (jobIds: readonly string[]) => void;
  /** Something went wrong that no document is to blame for. */
  readonly onError: (error: unknown) => void;
}

/** Milliseconds between notes of what was finished: a kill repeats no more than that. */
const FLUSH_INTERVAL = 250;

/** Works off the documents, batch after batch, and sleeps when there are none. */
export class ItemRunner {
  private readonly loop: Loop;
  /** Batches in a row that found the store away: until it is back one document at a time asks for it. */
  private timesAway = 0;

  constructor(private readonly parts: ItemRunnerParts) {
    this.loop = new Loop({
      step: (stop) => this.step(stop),
      onError: parts.onError,
      // The queue's own file refuses: nothing is lost, the work is tried again.
      pauseAfterError: parts.retryDelay,
    });
  }

  start(): void {
    this.loop.start();
  }

  notify(): void {
    this.loop.notify();
  }

  /** Finishes the batch in hand. */
  stop(): Promise<void> {
    return this.loop.stop();
  }

  private async step(stop: AbortSignal): Promise<number> {
    const { table, batchDocuments, batchUnits, pollInterval, retryDelay } = this.parts;
    const documents = this.timesAway > 0 ? 1 : batchDocuments;
    const { items, changed } = await table.lease({ documents, units: batchUnits });
    this.parts.onChange(changed);
    if (items.length === 0) return Math.min(pollInterval, (table.nextDue() ?? pollInterval) + 1);
    if (stop.aborted) await table.release(items, 0, false);
    else await this.work(items);
    return this.timesAway > 0 ? backoff(retryDelay, this.timesAway) : 0;
  }

  private async work(items: readonly JobItem[]): Promise<void> {
    const spent = items.filter(({ breaks }) => breaks >= this.parts.maxBreaks);
    await this.finish(
      spent.map((item) => ({ item, failure: failure(item, brokenOff('this document', item.breaks)) })),
    );
    const superseded = items.filter((item) => item.isSuperseded && !spent.includes(item));
    await this.finish(superseded.map((item) => ({ item, failure: null })));
    const left = items.filter((item) => !spent.includes(item) && !item.isSuperseded);
    if (left.length > 0) await this.ingest(left);
  }

  private async ingest(items: readonly JobItem[]): Promise<void> {
    const { table, leaseTime, onError } = this.parts;
    const heartbeat = setInterval(() => void table.renew().catch(onError), leaseTime / 3);
    const notes = new OutcomeNotes(items, (results) => this.settle(results), onError);
    try {
      const thrown = await this.parts
        .ingest(
          items.map(({ document }) => document),
          (outcome) => notes.add(outcome),
        )
        .then(
          (outcomes) => {
            notes.addRest(outcomes);
            return null;
          },
          (error: unknown) => ({ error }),
        );
      await notes.flush();
      if (thrown) await this.brokenOffBy(thrown.error, notes.unfinished());
    } finally {
      clearInterval(heartbeat);
    }
  }

  /** Unless the store is away, the batch broke off at one of these: alone next time, each shows whether it did. */
  private async brokenOffBy(error: unknown, items: readonly JobItem[]): Promise<void> {
    this.parts.onError(error);
    const shown = jobErrorOf(error, 'the document');
    if (items.length === 1 || shown.code === 'STORE_UNAVAILABLE')
      await this.settle(items.map((item) => ({ item, failure: failure(item, shown) })));
    else await this.parts.table.isolate(items);
  }

  /** Finishes what is over; what may pass is tried again later. */
  private async settle(results: readonly ItemResult[]): Promise<void> {
    const isRefused = results.some((result) => result.failure?.code === 'STORE_UNAVAILABLE');
    const storeAnswers = !isRefused || (await this.parts.storeAnswers());
    this.timesAway = storeAnswers ? 0 : this.timesAway + 1;
    const over: ItemResult[] = [];
    for (const result of results) {
      const { item, failure: error } = result;
      const verdict = error ? verdictOf(error, item.tries, this.parts, storeAnswers) : null;
      if (verdict && !verdict.isFinal) await this.parts.table.release([item], verdict.wait, verdict.counts);
      else over.push(result);
    }
    await this.finish(over);
  }

  private async finish(results: readonly ItemResult[]): Promise<void> {
    if (results.length > 0) this.parts.onChange(await this.parts.table.finish(results));
  }
}

function failure(item: JobItem, error: JobError): JobFailure {
  return { externalId: item.document.externalId, ...error };
}

/** Collects outcomes as they come and notes them down several at a time. */
class OutcomeNotes {
  private pending: ItemResult[] = [];
  private next = 0;
  private lastFlush = performance.now();
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly items: readonly JobItem[],
    private readonly settle: (results: readonly ItemResult[]) => Promise<void>,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Outcomes come in the order of the items. */
  add(outcome: IngestOutcome): void {
    const item = this.items[this.next++];
    if (!item) return;
    this.pending.push({
      item,
      failure: outcome.ok ? null : failure(item, jobErrorOf(outcome.error, 'the document')),
    });
    if (performance.now() - this.lastFlush >= FLUSH_INTERVAL) this.flush().catch(this.onError);
  }

  /** Whoever ingests need not tell outcomes as they come. */
  addRest(outcomes: readonly IngestOutcome[]): void {
    for (const outcome of outcomes.slice(this.next)) this.add(outcome);
  }

  /** Those without an outcome. */
  unfinished(): readonly JobItem[] {
    return this.items.slice(this.next);
  }

  async flush(): Promise<void> {
    this.lastFlush = performance.now();
    const results = this.pending;
    this.pending = [];
    this.writing = this.writing.then(() => (results.length > 0 ? this.settle(results) : undefined));
    await this.writing;
  }
}
