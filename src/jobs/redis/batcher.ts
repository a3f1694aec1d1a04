import { setTimeout as delay } from 'node:timers/promises';
import { NeighborKbError } from '../../domain/errors.js';
import type { DocumentInput } from '../../domain/model.js';
import type { IngestOutcome } from '../document-ingester.js';
import type { IngestBatch } from '../runner-options.js';

/** What a document gets that the batcher did not begin before it was closed. */
export class GivenBackError extends Error {
  override readonly name = 'GivenBackError';
}

interface Pending {
  readonly document: DocumentInput;
  /** Must not take others along. */
  readonly alone: boolean;
  readonly resolve: (outcome: IngestOutcome) => void;
  readonly reject: (error: unknown) => void;
}

/** Milliseconds for which the first document waits for company. */
const GATHERING = 5;

/**
 * Makes batches of documents that come one by one: the encoder is several times faster on batches. One batch is
 * worked on at a time, meanwhile the next one gathers.
 */
export class Batcher {
  private pending: Pending[] = [];
  private running: Promise<void> | null = null;
  private closed = false;

  constructor(
    private readonly ingest: IngestBatch,
    private readonly limits: { readonly documents: number; readonly units: number },
  ) {}

  /**
   * @returns what became of it. @throws what the batch threw at it alone: another document's error is not its own,
   *   but a store that is away is everybody's; GivenBackError
   */
  add(document: DocumentInput, alone: boolean): Promise<IngestOutcome> {
    return new Promise((resolve, reject) => {
      if (this.closed) return reject(new GivenBackError());
      this.pending.push({ document, alone, resolve, reject });
      this.running ??= this.run().finally(() => (this.running = null));
    });
  }

  /** Lets the batch in hand end and gives the others back. */
  async close(): Promise<void> {
    this.closed = true;
    for (const { reject } of this.pending.splice(0)) reject(new GivenBackError());
    await this.running;
  }

  private async run(): Promise<void> {
    await delay(GATHERING);
    while (this.pending.length > 0) await this.work(this.take());
  }

  private take(): Pending[] {
    const batch: Pending[] = [];
    let units = 0;
    for (const next of this.pending) {
      units += next.document.text.length;
      if (batch.length === this.limits.documents) break;
      if (batch.length > 0 && (next.alone || units > this.limits.units)) break;
      batch.push(next);
      if (next.alone) break;
    }
    this.pending = this.pending.slice(batch.length);
    return batch;
  }

  private async work(batch: readonly Pending[]): Promise<void> {
    let told = 0;
    const tell = (outcome: IngestOutcome): void => batch[told++]?.resolve(outcome);
    try {
      const outcomes = await this.ingest(
        batch.map(({ document }) => document),
        tell,
      );
      for (const outcome of outcomes.slice(told)) tell(outcome);
    } catch (error) {
      const left = batch.slice(told);
      if (left.length === 1 || isStoreAway(error)) for (const { reject } of left) reject(error);
      else this.pending.unshift(...left.map((one) => ({ ...one, alone: true })));
    }
  }
}

function isStoreAway(error: unknown): boolean {
  return error instanceof NeighborKbError && error.code === 'STORE_UNAVAILABLE';
}
