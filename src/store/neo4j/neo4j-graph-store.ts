import path from 'node:path';
import { NeighborKbError } from '../../domain/errors.js';
import {
  documentId,
  type DocumentId,
  type EntityId,
  type MentionId,
  type PredictionId,
  type SentenceId,
  type TripleId,
} from '../../domain/identity.js';
import type { ExtractedDocument } from '../../domain/model.js';
import type { PredicateSchema } from '../../domain/predicates.js';
import type {
  DocumentQuery,
  EntityQuery,
  EvidenceQuery,
  GraphStore,
  RetractOutcome,
  SaveOutcome,
  StoreHealth,
  TripleCountField,
  TripleFilter,
  TripleQuery,
} from '../graph-store.js';
import type { IdentityStore } from '../identity-store.js';
import { Neo4jConnection, type Neo4jConnectionOptions, type Neo4jTransaction } from './connection.js';
import { countTriples } from './count-triples.js';
import { KnownEntries, type TransactionEntries } from './memory-entries.js';
import { migrate } from './migrate.js';
import { Neo4jGraphQueries } from './neo4j-graph-queries.js';
import { prepareDocument, type PreparedDocument } from './prepared.js';
import * as documents from './read-documents.js';
import * as entities from './read-entities.js';
import { neighbourhood } from './read-neighbourhood.js';
import * as triples from './read-triples.js';
import { Neo4jIdentityStore } from './neo4j-identity-store.js';
import { resolvedFilter } from './redirects.js';
import { retractDocument, saveRounds, type WriteContext } from './save-documents.js';
import { RelationshipTypes } from './vocabulary.js';

export interface Neo4jGraphStoreOptions extends Neo4jConnectionOptions {
  /** The folder `migrations/` of the package. */
  readonly migrationsDir: string;
  /** Names the relationships that stand for triples. */
  readonly schema: Pick<PredicateSchema, 'predicates'>;
}

/** The adapter for a Neo4j server, 5.26 or newer. docs/neo4j.md describes the model. */
export class Neo4jGraphStore implements GraphStore {
  readonly queries = new Neo4jGraphQueries(() => this.opened);

  readonly identity: IdentityStore;

  private connection: Neo4jConnection | null = null;
  private schemaVersion = 0;
  private readonly types: RelationshipTypes;
  private readonly knownEntries = new KnownEntries();

  constructor(private readonly options: Neo4jGraphStoreOptions) {
    this.types = new RelationshipTypes(options.schema);
    this.identity = new Neo4jIdentityStore(() => this.opened, this.types);
  }

  async open(): Promise<void> {
    if (this.connection) return;
    const connection = new Neo4jConnection(this.options);
    try {
      this.schemaVersion = await migrate(connection, path.join(this.options.migrationsDir, 'neo4j'));
    } catch (error) {
      await connection.close();
      throw error;
    }
    this.connection = connection;
  }

  async close(): Promise<void> {
    const connection = this.connection;
    this.connection = null;
    await connection?.close();
  }

  async health(): Promise<StoreHealth> {
    const { version } = await this.opened.serverInfo();
    return { adapter: 'neo4j', version, schemaVersion: this.schemaVersion };
  }

  async saveDocument(extracted: ExtractedDocument): Promise<SaveOutcome> {
    const [outcome] = await this.saveDocuments([extracted]);
    return outcome as SaveOutcome;
  }

  async saveDocuments(documents: readonly ExtractedDocument[]): Promise<SaveOutcome[]> {
    // Before the transaction: a document that contradicts itself is refused without a connection.
    const prepared = documents.map(prepareDocument);
    const rounds = roundsOf(prepared);
    // Where a commit got lost on the way back, the next attempt finds its own work: what it was counts.
    let first: readonly SaveOutcome[] | undefined;
    const latest = await this.change(async (transaction, context) => {
      const outcomes = await saveRounds(transaction, rounds, context);
      const inOrder = prepared.map((document) => outcomes.get(document) as SaveOutcome);
      first ??= inOrder;
      return inOrder;
    });
    return latest.map((outcome, place) => (outcome.change === 'unchanged' && first?.[place]) || outcome);
  }

  async retractDocument(externalId: string): Promise<RetractOutcome | null> {
    let first: RetractOutcome | null = null;
    const outcome = await this.change(async (transaction, context) => {
      const latest = await retractDocument(transaction, documentId(externalId), context);
      first ??= latest;
      return latest;
    });
    return outcome ?? first;
  }

  async storedRevision(externalId: string) {
    return documents.storedRevision(this.opened, externalId);
  }

  async documentsById(ids: readonly DocumentId[]) {
    return documents.documentsById(this.opened, ids);
  }

  async documents(query: DocumentQuery) {
    return documents.documents(this.opened, query);
  }

  async sentencesById(ids: readonly SentenceId[]) {
    return documents.sentencesById(this.opened, ids);
  }

  async sentencesOfDocuments(ids: readonly DocumentId[]) {
    return documents.sentencesOfDocuments(this.opened, ids);
  }

  async mentionsById(ids: readonly MentionId[]) {
    return documents.mentionsById(this.opened, ids);
  }

  async mentionsOfDocuments(ids: readonly DocumentId[]) {
    return documents.mentionsOfDocuments(this.opened, ids);
  }

  async mentionsOfEntities(ids: readonly EntityId[], limit: number) {
    return documents.mentionsOfEntities(this.opened, ids, limit);
  }

  async predictionsOfDocuments(ids: readonly DocumentId[]) {
    return documents.predictionsOfDocuments(this.opened, ids);
  }

  async predictionsById(ids: readonly PredictionId[]) {
    return documents.predictionsById(this.opened, ids);
  }

  async entitiesById(ids: readonly EntityId[]) {
    return entities.entitiesById(this.opened, ids);
  }

  async entities(query: EntityQuery) {
    return entities.entities(this.opened, query);
  }

  async aliasesOfEntities(ids: readonly EntityId[]) {
    return entities.aliasesOfEntities(this.opened, ids);
  }

  async neighbourhood(id: EntityId, depth: number, limit: number) {
    return neighbourhood(this.opened, id, depth, limit);
  }

  async triplesById(ids: readonly TripleId[]) {
    return triples.triplesById(this.opened, ids);
  }

  async triples(query: TripleQuery) {
    const filter = await resolvedFilter(this.opened, query.filter);
    return triples.triples(this.opened, filter ? { ...query, filter } : query);
  }

  async countTriples(by: TripleCountField, filter: TripleFilter, limit?: number) {
    const resolved = await resolvedFilter(this.opened, filter);
    return countTriples(this.opened, by, resolved ?? filter, limit);
  }

  async evidenceById(ids: readonly PredictionId[]) {
    return triples.evidenceById(this.opened, ids);
  }

  async evidence(query: EvidenceQuery) {
    return triples.evidence(this.opened, query);
  }

  async evidenceOfTriples(ids: readonly TripleId[]) {
    return triples.evidenceOfTriples(this.opened, ids);
  }

  async neighboursOfPredictions(ids: readonly PredictionId[]) {
    return triples.neighboursOfPredictions(this.opened, ids);
  }

  async counts() {
    return triples.counts(this.opened);
  }

  /** One transaction that changes documents. */
  private async change<T>(
    work: (transaction: Neo4jTransaction, context: WriteContext) => Promise<T>,
  ): Promise<T> {
    let entries: TransactionEntries | undefined;
    const result = await this.opened.write(async (transaction) => {
      entries = await this.knownEntries.begin(transaction, this.opened);
      return work(transaction, { types: this.types, entries });
    });
    entries?.keep();
    return result;
  }

  private get opened(): Neo4jConnection {
    if (!this.connection)
      throw new NeighborKbError('STORE_UNAVAILABLE', `the store at ${this.options.url} is not open`);
    return this.connection;
  }
}

/** Documents in rounds of different externalIds, in their order. */
function roundsOf(documents: readonly PreparedDocument[]): PreparedDocument[][] {
  const rounds: PreparedDocument[][] = [];
  const seen = new Map<DocumentId, number>();
  for (const document of documents) {
    const { id } = document.extracted.document;
    const round = seen.get(id) ?? 0;
    seen.set(id, round + 1);
    (rounds[round] ??= []).push(document);
  }
  return rounds;
}
