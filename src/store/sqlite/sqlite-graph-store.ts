import path from 'node:path';
import { NeighborKbError } from '../../domain/errors.js';
import type {
  DocumentId,
  EntityId,
  MentionId,
  PredictionId,
  SentenceId,
  TripleId,
} from '../../domain/identity.js';
import type { ExtractedDocument } from '../../domain/model.js';
import { documentGraph } from '../document-graph.js';
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
import type { Connection } from './connection.js';
import { countTriples } from './count-triples.js';
import { SqliteDatabase } from './database.js';
import * as documents from './read-documents.js';
import * as entities from './read-entities.js';
import { neighbourhood } from './read-neighbourhood.js';
import * as triples from './read-triples.js';
import { resolveIds } from './redirects.js';
import { retractDocument, saveDocument } from './save-document.js';
import { indexBacklog } from './sentence-index.js';
import { SqliteGraphQueries } from './sqlite-graph-queries.js';
import { SqliteIdentityStore } from './sqlite-identity-store.js';

export interface SqliteGraphStoreOptions {
  /** The database file; created with its folder where it does not exist. */
  readonly file: string;
  /** The folder `migrations/` of the package. */
  readonly migrationsDir: string;
  /** How long a write waits for another process's transaction, milliseconds. Default 10,000. */
  readonly busyTimeout?: number;
}

/** "NKBg" in ASCII: marks a SQLite file as a graph of NeighborKB. */
export const APPLICATION_ID = 0x4e4b4267;

/** The embedded adapter: one SQLite file. */
export class SqliteGraphStore implements GraphStore {
  readonly queries = new SqliteGraphQueries(() => this.reader);
  readonly identity = new SqliteIdentityStore(() => this.opened);

  private database: SqliteDatabase | null = null;

  constructor(private readonly options: SqliteGraphStoreOptions) {}

  async open(): Promise<void> {
    if (this.database) return;
    const { migrationsDir, ...options } = this.options;
    const database = await SqliteDatabase.open({
      ...options,
      migrations: path.join(migrationsDir, 'sqlite'),
      applicationId: APPLICATION_ID,
    });
    await indexBacklog(database);
    this.database = database;
  }

  async close(): Promise<void> {
    const database = this.database;
    this.database = null;
    await database?.close();
  }

  async health(): Promise<StoreHealth> {
    const row = this.reader.first<{ version: string }>('SELECT sqlite_version() AS version');
    return {
      adapter: 'sqlite',
      version: row?.version ?? '',
      schemaVersion: this.opened.schemaVersion,
    };
  }

  async saveDocument(extracted: ExtractedDocument): Promise<SaveOutcome> {
    const [outcome] = await this.saveDocuments([extracted]);
    return outcome as SaveOutcome;
  }

  async saveDocuments(documents: readonly ExtractedDocument[]): Promise<SaveOutcome[]> {
    // Before the transaction: a document that contradicts itself is refused without waiting for a turn.
    const prepared = documents.map((extracted) => ({ extracted, graph: documentGraph(extracted) }));
    return this.opened.write(async (connection, pacer) => {
      const outcomes: SaveOutcome[] = [];
      for (const { extracted, graph } of prepared)
        outcomes.push(await saveDocument(connection, pacer, extracted, graph));
      return outcomes;
    });
  }

  async retractDocument(externalId: string): Promise<RetractOutcome | null> {
    return this.opened.write((connection, pacer) => retractDocument(connection, pacer, externalId));
  }

  async storedRevision(externalId: string) {
    return documents.storedRevision(this.reader, externalId);
  }

  async documentsById(ids: readonly DocumentId[]) {
    return documents.documentsById(this.reader, ids);
  }

  async documents(query: DocumentQuery) {
    return documents.documents(this.reader, query);
  }

  async sentencesById(ids: readonly SentenceId[]) {
    return documents.sentencesById(this.reader, ids);
  }

  async sentencesOfDocuments(ids: readonly DocumentId[]) {
    return documents.sentencesOfDocuments(this.reader, ids);
  }

  async mentionsById(ids: readonly MentionId[]) {
    return documents.mentionsById(this.reader, ids);
  }

  async mentionsOfDocuments(ids: readonly DocumentId[]) {
    return documents.mentionsOfDocuments(this.reader, ids);
  }

  async mentionsOfEntities(ids: readonly EntityId[], limit: number) {
    return documents.mentionsOfEntities(this.reader, resolveIds(this.reader, ids), limit);
  }

  async predictionsOfDocuments(ids: readonly DocumentId[]) {
    return documents.predictionsOfDocuments(this.reader, ids);
  }

  async predictionsById(ids: readonly PredictionId[]) {
    return documents.predictionsById(this.reader, ids);
  }

  async entitiesById(ids: readonly EntityId[]) {
    return entities.entitiesById(this.reader, resolveIds(this.reader, ids));
  }

  async entities(query: EntityQuery) {
    return entities.entities(this.reader, query);
  }

  async aliasesOfEntities(ids: readonly EntityId[]) {
    return entities.aliasesOfEntities(this.reader, resolveIds(this.reader, ids));
  }

  async neighbourhood(id: EntityId, depth: number, limit: number) {
    const [resolved = id] = resolveIds(this.reader, [id]);
    return neighbourhood(this.reader, resolved, depth, limit);
  }

  async triplesById(ids: readonly TripleId[]) {
    return triples.triplesById(this.reader, ids);
  }

  async triples(query: TripleQuery) {
    return triples.triples(this.reader, query);
  }

  async countTriples(by: TripleCountField, filter: TripleFilter, limit?: number) {
    return countTriples(this.reader, by, filter, limit);
  }

  async evidenceById(ids: readonly PredictionId[]) {
    return triples.evidenceById(this.reader, ids);
  }

  async evidence(query: EvidenceQuery) {
    return triples.evidence(this.reader, query);
  }

  async evidenceOfTriples(ids: readonly TripleId[]) {
    return triples.evidenceOfTriples(this.reader, ids);
  }

  async neighboursOfPredictions(ids: readonly PredictionId[]) {
    return triples.neighboursOfPredictions(this.reader, ids);
  }

  async counts() {
    return triples.counts(this.reader);
  }

  private get opened(): SqliteDatabase {
    if (!this.database)
      throw new NeighborKbError('STORE_UNAVAILABLE', `the store ${this.options.file} is not open`);
    return this.database;
  }

  private get reader(): Connection {
    return this.opened.reader;
  }
}
