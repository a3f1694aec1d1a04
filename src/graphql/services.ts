import type { Logger } from 'pino';
import type { NeighborKbError } from '../domain/errors.js';
import type { DocumentInput, Neighbour } from '../domain/model.js';
import type { PredicateSchema } from '../domain/predicates.js';
import type { ScoringProfile } from '../domain/profile.js';
import type { Extractor } from '../extraction/ports.js';
import type { IdentityService } from '../identity/identity-service.js';
import type { RelationEncoder } from '../inference/ports.js';
import type { Job, JobQueue, SubmitOptions, TaskQueue } from '../jobs/job-queue.js';
import type { ProfileStore } from '../evaluation/profile-store.js';
import type { MemoryLibrary } from '../memory/library.js';
import type { Memory } from '../memory/ports.js';
import type { GraphStore, RetractOutcome, SaveOutcome, StoredPrediction } from '../store/graph-store.js';

/**
 * What the API needs of the application, and nothing more: `application.ts` satisfies it, tests may replace
 * any part. The API adds no rules of its own; it translates.
 */
export interface ApiServices {
  /** Version of NeighborKB. */
  readonly version: string;
  readonly startedAt: Date;
  readonly limits: ApiLimits;
  readonly logger: Logger;
  /** The server's folders: errors name files from there on, see `NeighborKbError.outside`. */
  readonly folders: readonly string[];
  readonly schema: PredicateSchema;
  /** The profile under which documents are ingested. */
  readonly profile: ScoringProfile;
  readonly models: readonly ModelSummary[];
  readonly store: GraphStore;
  readonly identity: IdentityService;
  readonly extractor: Extractor;
  readonly replay: PredictionReplay;
  readonly memories: MemoryShelf;
  /** All versions on disk, open or not. */
  readonly library: MemoryLibrary;
  /** Every scoring profile, those that are not in use too. */
  readonly profiles: Pick<ProfileStore, 'list' | 'get' | 'create'>;
  readonly encoder: Pick<RelationEncoder, 'encode' | 'representationSize'>;
  readonly ingestion: DocumentIngestion;
  readonly jobs: JobService;
}

/** The limits that the configuration decides; those that the schema fixes are in `limits.ts`. */
export interface ApiLimits {
  /** Longest text of one document, UTF-16 units. */
  readonly maxTextLength: number;
  /** Most documents in one call. */
  readonly maxDocumentsPerCall: number;
  /** Largest body of one HTTP request, bytes. */
  readonly maxRequestBytes: number;
}

export interface ModelSummary {
  /** What it does: `mention-detector` or `relation-encoder`. */
  readonly role: string;
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** sha256 of the ONNX file, hexadecimal. */
  readonly hash: string;
}

/** Brings back what is not stored with a prediction. */
export interface PredictionReplay {
  /**
   * Voters of predictions that have no stored neighbours (NIL), found again from their stored
   * representations, in the order of the predictions, each by memory then rank. All searched in one batch.
   */
  neighbours(predictions: readonly StoredPrediction[]): Promise<Neighbour[][]>;
}

/** The memories that are open. */
export interface MemoryShelf {
  /** By name. */
  all(): readonly Memory[];
  byName(name: string): Memory | undefined;
}

export interface DocumentIngestion {
  /** Extracts and stores; outcomes in the order of the documents. A bad document leaves the others alone. */
  ingestNow(documents: readonly DocumentInput[]): Promise<IngestOutcome[]>;
  /** Accepts documents for later: what is accepted is stored. @throws QUEUE_FULL and errors of the batch */
  submit(documents: readonly DocumentInput[], options?: SubmitOptions): Promise<Job>;
  /** Null if no document has the externalId. */
  retract(externalId: string): Promise<RetractOutcome | null>;
}

export type IngestOutcome =
  | { readonly ok: true; readonly externalId: string; readonly saved: SaveOutcome }
  | {
      readonly ok: false;
      readonly externalId: string;
      /** Its path starts inside the document: `['mentions', 3, 'end']`. */
      readonly error: NeighborKbError;
    };

/** The jobs; who starts and stops them is not the API. */
export type JobService = Omit<JobQueue, 'start' | 'stop' | 'submit'> & TaskQueue;
