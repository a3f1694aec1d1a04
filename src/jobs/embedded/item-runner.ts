import { backoff, brokenOff, jobErrorOf, storeAnswersAfter, verdictOf } from '../failures.js';
import type { WorkRules } from '../queue-options.js';
import type { IngestBatch } from '../runner-options.js';
import type { ItemResult, ItemTable, JobItem } from './item-table.js';
import { failureOf, OutcomeNotes } from './outcome-notes.js';

export interface ItemRunnerParts extends WorkRules {
  readonly table: ItemTable;
  readonly ingest: IngestBatch;
  /** The states of these jobs changed. */
  readonly onChange: (jobIds: readonly string[]) => void;
}

/** Works off the documents, a batch a step; `Workers` goes from step to step. */
export class ItemRunner {
  /** Batches in a row that found the store away: until it is back one document at a time asks for it. */
  private timesAway = 0;

  constructor(private readonly parts: ItemRunnerParts) {}

  /** Works off the next batch. @returns milliseconds to sleep unless there is news; 0 to go on at once */
  async step(stop: AbortSignal): Promise<number> {
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
      spent.map((item) => ({ item, failure: failureOf(item, brokenOff('this document', item.breaks)) })),
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
    const shown = jobErrorOf(error, 'the document');
    let over = 0;
    try {
      if (items.length === 1 || shown.code === 'STORE_UNAVAILABLE')
        over = await this.settle(items.map((item) => ({ item, failure: failureOf(item, shown) })));
      else await this.parts.table.isolate(items);
    } finally {
      this.parts.onError(error, over === items.length);
    }
  }

  /** Finishes what is over; what may pass is tried again later. @returns how many are over */
  private async settle(results: readonly ItemResult[]): Promise<number> {
    const errors = results.flatMap(({ failure }) => failure ?? []);
    const storeAnswers = await storeAnswersAfter(errors, this.parts.storeAnswers);
    this.timesAway = storeAnswers ? 0 : this.timesAway + 1;
    const over: ItemResult[] = [];
    for (const result of results) {
      const { item, failure: error } = result;
      const verdict = error ? verdictOf(error, item.tries, this.parts, storeAnswers) : null;
      if (verdict && !verdict.isFinal) await this.parts.table.release([item], verdict.wait, verdict.counts);
      else over.push(result);
    }
    await this.finish(over);
    return over.length;
  }

  private async finish(results: readonly ItemResult[]): Promise<void> {
    if (results.length > 0) this.parts.onChange(await this.parts.table.finish(results));
  }
}
