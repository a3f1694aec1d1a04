import type { DocumentInput } from '../domain/model.js';
import type { GraphStore, RetractOutcome } from '../store/graph-store.js';
import type { DocumentIngester, IngestOutcome } from './document-ingester.js';
import type { Job, JobQueue, SubmitOptions } from './job-queue.js';

export type { IngestOutcome } from './document-ingester.js';

/** The ways in which documents come and go: what the API and the command line use. */
export class Ingestion {
  constructor(
    private readonly ingester: DocumentIngester,
    private readonly jobs: JobQueue,
    private readonly store: GraphStore,
  ) {}

  /** Extracts and stores now; outcomes in the order of the documents, a bad one leaves the others alone. */
  async ingestNow(
    documents: readonly DocumentInput[],
    onOutcome?: (outcome: IngestOutcome) => void,
  ): Promise<IngestOutcome[]> {
    return this.ingester.ingest(documents, onOutcome);
  }

  /** Accepts documents for later: what is accepted is stored. @throws QUEUE_FULL, INVALID_ARGUMENT for none */
  async submit(documents: readonly DocumentInput[], options?: SubmitOptions): Promise<Job> {
    return this.jobs.submit(documents, options);
  }

  /** Removes a document and what it alone supported; null if no document has the externalId. */
  async retract(externalId: string): Promise<RetractOutcome | null> {
    return this.store.retractDocument(externalId);
  }
}
