import type {
  DocumentId,
  EntityId,
  MentionId,
  PredictionId,
  SentenceId,
  TripleId,
} from '../domain/identity.js';
import type { EntityType } from '../domain/mention-types.js';
import type {
  Document,
  Entity,
  Evidence,
  ExtractedDocument,
  Mention,
  Neighbour,
  Prediction,
  Sentence,
  Triple,
  TripleStatus,
} from '../domain/model.js';
import type { Combinators } from './filter-tree.js';
import type { GraphQueries } from './graph-queries.js';
import type { IdentityStore } from './identity-store.js';

/**
 * The port to the graph. Two adapters keep it alike: embedded SQLite and Neo4j; one contract suite
 * (`test/store/contract.ts`) holds both to it. Everything read by ids is read in batches, so that loaders need
 * one statement for a page; results come in the order of the ids, null or empty where there is nothing.
 */
export interface GraphStore {
  /** Applies pending migrations. @throws SCHEMA_*, STORE_UNAVAILABLE */
  open(): Promise<void>;
  close(): Promise<void>;
  health(): Promise<StoreHealth>;

  /** Questions to the whole graph: paths, patterns, search, changes. */
  readonly queries: GraphQueries;
  /** What decides which entities mentions refer to beyond their documents. */
  readonly identity: IdentityStore;

  /**
   * Writes a document with everything that it brings in one transaction, replacing an earlier revision
   * exactly. Saving the same revision under the same profile again changes nothing.
   */
  saveDocument(extracted: ExtractedDocument): Promise<SaveOutcome>;
  /**
   * Writes documents in one transaction, all of them or none: one commit does for all, and what they share is worked
   * out once. Of several with one externalId the later ones replace the earlier ones.
   *
   * @returns outcomes in the order of the documents
   */
  saveDocuments(documents: readonly ExtractedDocument[]): Promise<SaveOutcome[]>;
  /** Removes a document and all that it alone supported, lowers what it shared; null if there is none. */
  retractDocument(externalId: string): Promise<RetractOutcome | null>;
  /** Revision and profile that are stored under an externalId; null if there is none. */
  storedRevision(externalId: string): Promise<StoredRevision | null>;

  documentsById(ids: readonly DocumentId[]): Promise<(Document | null)[]>;
  documents(query: DocumentQuery): Promise<Page<Document>>;
  sentencesById(ids: readonly SentenceId[]): Promise<(Sentence | null)[]>;
  sentencesOfDocuments(ids: readonly DocumentId[]): Promise<Sentence[][]>;
  mentionsById(ids: readonly MentionId[]): Promise<(Mention | null)[]>;
  mentionsOfDocuments(ids: readonly DocumentId[]): Promise<Mention[][]>;
  /** Mentions of an entity, first `limit` by document and position. */
  mentionsOfEntities(ids: readonly EntityId[], limit: number): Promise<Mention[][]>;
  /** Stored predictions without their neighbours, NIL included, by position. */
  predictionsOfDocuments(ids: readonly DocumentId[]): Promise<StoredPrediction[][]>;
  predictionsById(ids: readonly PredictionId[]): Promise<(StoredPrediction | null)[]>;

  /** An id that is redirected gives what it stands for, here and wherever entities are asked for by id. */
  entitiesById(ids: readonly EntityId[]): Promise<(Entity | null)[]>;
  entities(query: EntityQuery): Promise<Page<Entity>>;
  /** Surface forms of an entity other than its name, most frequent first. */
  aliasesOfEntities(ids: readonly EntityId[]): Promise<string[][]>;
  /** Entities at most `depth` triples away, with the triples between them, at most `limit` triples. */
  neighbourhood(id: EntityId, depth: number, limit: number): Promise<Neighbourhood | null>;

  triplesById(ids: readonly TripleId[]): Promise<(Triple | null)[]>;
  triples(query: TripleQuery): Promise<Page<Triple>>;
  /** Number of triples that match, by the value of a field, largest first, ties by key, at most `limit` values. */
  countTriples(by: TripleCountField, filter: TripleFilter, limit?: number): Promise<TripleCount[]>;

  evidenceById(ids: readonly PredictionId[]): Promise<(StoredEvidence | null)[]>;
  evidence(query: EvidenceQuery): Promise<Page<StoredEvidence>>;
  /** All evidence of each triple, most confident first. */
  evidenceOfTriples(ids: readonly TripleId[]): Promise<StoredEvidence[][]>;
  /** The voters that are stored with evidence, by memory then rank. Empty for NIL predictions. */
  neighboursOfPredictions(ids: readonly PredictionId[]): Promise<Neighbour[][]>;

  counts(): Promise<StoreCounts>;
}

export type StoredPrediction = Omit<Prediction, 'neighbours'>;
export type StoredEvidence = Omit<Evidence, 'neighbours'>;

export interface StoreHealth {
  readonly adapter: 'sqlite' | 'neo4j';
  readonly version: string;
  readonly schemaVersion: number;
}

export interface StoredRevision {
  readonly revision: string;
  readonly profile: string;
}

export interface SaveOutcome {
  readonly documentId: DocumentId;
  /** What the save did to the document. */
  readonly change: 'created' | 'replaced' | 'unchanged';
  /** Triples that the document's evidence supports. */
  readonly tripleIds: readonly TripleId[];
}

export interface RetractOutcome {
  readonly documentId: DocumentId;
  readonly removedTriples: number;
  readonly removedEntities: number;
}

/** A page forward through a stable order. Cursors are opaque and stay valid while data is added. */
export interface PageRequest {
  /** 1..MAX_PAGE_SIZE */
  readonly first: number;
  readonly after?: string;
}
export const MAX_PAGE_SIZE = 500;

export interface Page<T> {
  readonly items: readonly { readonly cursor: string; readonly node: T }[];
  readonly hasNextPage: boolean;
  /** Number of matches over all pages, counted when it is asked for: that takes time in proportion to it. */
  readonly totalCount: () => Promise<number>;
}

export interface DocumentFilter extends Combinators<DocumentFilter> {
  readonly externalIds?: readonly string[];
  readonly source?: string;
  readonly text?: string;
}

export interface DocumentQuery extends PageRequest {
  readonly filter?: DocumentFilter;
  /** `oldest`: in the order in which their present revisions were saved; `newest`: the other way round. */
  readonly order?: 'externalId' | 'newest' | 'oldest';
}

export interface EntityFilter extends Combinators<EntityFilter> {
  readonly types?: readonly EntityType[];
  /** Substring of the normalised name or of an alias. */
  readonly search?: string;
}

export interface EntityQuery extends PageRequest {
  readonly filter?: EntityFilter;
  /** `mentions`: most mentioned first. */
  readonly order?: 'name' | 'mentions';
}

export interface TripleFilter extends Combinators<TripleFilter> {
  readonly subjectIds?: readonly EntityId[];
  readonly objectIds?: readonly EntityId[];
  /** Subject or object. */
  readonly entityIds?: readonly EntityId[];
  readonly predicates?: readonly string[];
  readonly subjectTypes?: readonly EntityType[];
  readonly objectTypes?: readonly EntityType[];
  readonly minConfidence?: number;
  readonly maxConfidence?: number;
  /** Supported by evidence in one of these documents. */
  readonly documentIds?: readonly DocumentId[];
  readonly statuses?: readonly TripleStatus[];
}

export interface TripleQuery extends PageRequest {
  readonly filter?: TripleFilter;
  readonly order?: 'confidenceDescending' | 'confidenceAscending' | 'evidenceCountDescending' | 'predicate';
}

/**
 * `document`: id of each document with evidence for the triple, which then counts once for each. `objectYear`,
 * `objectMonth`: of objects that are dates, as far as they tell it (1879, 1879-03); other triples do not count.
 * `confidenceBand`: tenths, 0.3-0.4 from 0.3 on and below 0.4; 1 falls into the last.
 */
export type TripleCountField =
  | 'predicate'
  | 'subjectType'
  | 'objectType'
  | 'status'
  | 'document'
  | 'objectYear'
  | 'objectMonth'
  | 'confidenceBand';

export interface TripleCount {
  readonly key: string;
  readonly count: number;
}

export interface EvidenceFilter extends Combinators<EvidenceFilter> {
  readonly tripleIds?: readonly TripleId[];
  readonly documentIds?: readonly DocumentId[];
  readonly predicates?: readonly string[];
  readonly minConfidence?: number;
}

export interface EvidenceQuery extends PageRequest {
  readonly filter?: EvidenceFilter;
}

/** Largest depth and limit of `neighbourhood`; both begin at 1. */
export const MAX_NEIGHBOURHOOD_DEPTH = 4;
export const MAX_NEIGHBOURHOOD_TRIPLES = 1000;

export interface Neighbourhood {
  readonly entities: readonly Entity[];
  readonly triples: readonly Triple[];
  /** Whether `limit` cut it. */
  readonly truncated: boolean;
}

export interface StoreCounts {
  readonly documents: number;
  readonly entities: number;
  readonly triples: number;
  readonly evidence: number;
}
