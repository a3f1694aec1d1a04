import type { IngestOutcome } from '../document-ingester.js';
import { jobErrorOf } from '../failures.js';
import type { JobError, JobFailure } from '../job-queue.js';
import type { ItemResult, JobItem } from './item-table.js';

/** Milliseconds between notes of what was finished: a kill repeats no more than that. */
const FLUSH_INTERVAL = 250;

/** Collects the outcomes of a batch as they come and notes them down several at a time. */
export class OutcomeNotes {
  private pending: ItemResult[] = [];
  private next = 0;
  private lastFlush = performance.now();
  private writing: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly items: readonly JobItem[],
    private readonly settle: (results: readonly ItemResult[]) => Promise<unknown>,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Outcomes come in the order of the items. */
  add(outcome: IngestOutcome): void {
    const item = this.items[this.next++];
    if (!item) return;
    this.pending.push({
      item,
      failure: outcome.ok ? null : failureOf(item, jobErrorOf(outcome.error, 'the document')),
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

export function failureOf(item: JobItem, error: JobError): JobFailure {
  return { externalId: item.document.externalId, ...error };
}
