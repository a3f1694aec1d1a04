import { parseExternalId } from '../../domain/external-id.js';
import type {
  DocumentId,
  EntityId,
  MentionId,
  PredictionId,
  SentenceId,
  TripleId,
} from '../../domain/identity.js';
import type { EntityType, MentionType } from '../../domain/mention-types.js';
import type {
  DatePrecision,
  Document,
  Entity,
  LocalEntity,
  Mention,
  MentionOrigin,
  Neighbour,
  Sentence,
  Triple,
  TripleStatus,
} from '../../domain/model.js';
import type { StoredPrediction } from '../graph-store.js';
import type { SqlBlob } from './connection.js';

/*
 * How rows become the domain's words: of each, the columns to select, the tables they come from, the row, and
 * the way to the object.
 */

export const DOCUMENT_COLUMNS = `d.id, d.external_id, d.revision, d.text, d.title, d.source, d.metadata`;
export interface DocumentRow {
  readonly id: DocumentId;
  readonly external_id: string;
  readonly revision: string;
  readonly text: string;
  readonly title: string | null;
  readonly source: string | null;
  readonly metadata: string | null;
}
export function documentOf(row: DocumentRow): Document {
  return {
    id: row.id,
    externalId: row.external_id,
    revision: row.revision,
    text: row.text,
    title: row.title,
    source: row.source,
    metadata: row.metadata === null ? null : (JSON.parse(row.metadata) as Record<string, unknown>),
  };
}

export const SENTENCE_COLUMNS = `s.id, d.id AS document_id, s.position, s.start_offset, s.end_offset`;
export const SENTENCE_TABLES = `sentences s JOIN documents d ON d.key = s.document_key`;
export interface SentenceRow {
  readonly id: SentenceId;
  readonly document_id: DocumentId;
  readonly position: number;
  readonly start_offset: number;
  readonly end_offset: number;
}
export function sentenceOf(row: SentenceRow): Sentence {
  return {
    id: row.id,
    documentId: row.document_id,
    index: row.position,
    start: row.start_offset,
    end: row.end_offset,
  };
}

export const MENTION_COLUMNS = `m.id, d.id AS document_id, s.id AS sentence_id, e.id AS entity_id,
  m.start_offset, m.end_offset, m.text, m.type, m.score, m.origin`;
export const MENTION_TABLES = `mentions m JOIN documents d ON d.key = m.document_key
  JOIN sentences s ON s.key = m.sentence_key LEFT JOIN entities e ON e.key = m.entity_key`;
export interface MentionRow {
  readonly id: MentionId;
  readonly document_id: DocumentId;
  readonly sentence_id: SentenceId;
  readonly entity_id: EntityId | null;
  readonly start_offset: number;
  readonly end_offset: number;
  readonly text: string;
  readonly type: MentionType;
  readonly score: number;
  readonly origin: MentionOrigin;
}
export function mentionOf(row: MentionRow): Mention {
  return {
    id: row.id,
    documentId: row.document_id,
    sentenceId: row.sentence_id,
    start: row.start_offset,
    end: row.end_offset,
    text: row.text,
    type: row.type,
    score: row.score,
    origin: row.origin,
    entityId: row.entity_id,
  };
}

export const PREDICTION_COLUMNS = `p.id, d.id AS document_id, s.id AS sentence_id, subject.id AS subject_id,
  object.id AS object_id, p.label, p.p, p.p_re, p.p_knn, p.confidence, p.profile, p.model,
  v.representation, v.classifier`;
export const PREDICTION_TABLES = `predictions p JOIN documents d ON d.key = p.document_key
  JOIN sentences s ON s.key = p.sentence_key JOIN mentions subject ON subject.key = p.subject_key
  JOIN mentions object ON object.key = p.object_key JOIN vectors v ON v.prediction_key = p.key`;
export interface PredictionRow {
  readonly id: PredictionId;
  readonly document_id: DocumentId;
  readonly sentence_id: SentenceId;
  readonly subject_id: MentionId;
  readonly object_id: MentionId;
  readonly label: string;
  readonly p: number;
  readonly p_re: number;
  readonly p_knn: number;
  readonly confidence: number | null;
  readonly profile: string;
  readonly model: string;
  readonly representation: SqlBlob;
  readonly classifier: SqlBlob;
}
export function predictionOf(row: PredictionRow): StoredPrediction {
  return {
    id: row.id,
    documentId: row.document_id,
    sentenceId: row.sentence_id,
    subjectMentionId: row.subject_id,
    objectMentionId: row.object_id,
    label: row.label,
    p: row.p,
    pRe: row.p_re,
    pKnn: row.p_knn,
    confidence: row.confidence,
    profile: row.profile,
    model: row.model,
    representation: new Uint8Array(row.representation),
    classifier: new Uint8Array(row.classifier),
  };
}

export const ENTITY_COLUMNS = `e.id, e.type, e.name, e.date_iso, e.date_precision,
  (SELECT json_group_array(DISTINCT x.external_id)
   FROM known_entities k JOIN known_external_ids x ON x.known_key = k.key
   WHERE k.entity_id = e.id OR k.entity_id IN (SELECT from_id FROM redirects WHERE to_id = e.id)) AS external_ids`;
export interface EntityRow {
  readonly id: EntityId;
  readonly type: EntityType;
  readonly name: string;
  readonly date_iso: string | null;
  readonly date_precision: DatePrecision | null;
  /** JSON array of scheme:value. */
  readonly external_ids: string;
}
export function entityOf(row: EntityRow): Entity {
  const externalIds = (JSON.parse(row.external_ids) as string[]).sort().map(parseExternalId);
  return { ...localEntityOf(row), externalIds };
}
export function localEntityOf(row: Omit<EntityRow, 'external_ids'>): LocalEntity {
  const { date_iso: iso, date_precision: precision } = row;
  const date = iso === null || precision === null ? null : { iso, precision };
  return { id: row.id, type: row.type, name: row.name, date };
}

export const TRIPLE_COLUMNS = `t.id, subject.id AS subject_id, t.predicate, object.id AS object_id, t.confidence,
  t.evidence_count, t.status`;
export const TRIPLE_TABLES = `triples t JOIN entities subject ON subject.key = t.subject_key
  JOIN entities object ON object.key = t.object_key`;
export interface TripleRow {
  readonly id: TripleId;
  readonly subject_id: EntityId;
  readonly predicate: string;
  readonly object_id: EntityId;
  readonly confidence: number;
  readonly evidence_count: number;
  readonly status: TripleStatus;
}
export function tripleOf(row: TripleRow): Triple {
  return {
    id: row.id,
    subjectId: row.subject_id,
    predicate: row.predicate,
    objectId: row.object_id,
    confidence: row.confidence,
    evidenceCount: row.evidence_count,
    status: row.status,
  };
}

export const NEIGHBOUR_COLUMNS = `o.memory, o.memory_version, o.entry, n.rank, n.squared_distance, n.weight,
  o.label, o.text, o.subject_start, o.subject_end, o.object_start, o.object_end`;
export const NEIGHBOUR_TABLES = `predictions p JOIN neighbours n ON n.prediction_key = p.key
  JOIN voters o ON o.key = n.voter_key`;
export interface NeighbourRow {
  readonly memory: string;
  readonly memory_version: string;
  readonly entry: string;
  readonly rank: number;
  readonly squared_distance: number;
  readonly weight: number;
  readonly label: string;
  readonly text: string;
  readonly subject_start: number;
  readonly subject_end: number;
  readonly object_start: number;
  readonly object_end: number;
}
export function neighbourOf(row: NeighbourRow): Neighbour {
  return {
    memory: row.memory,
    memoryVersion: row.memory_version,
    entry: row.entry,
    rank: row.rank,
    squaredDistance: row.squared_distance,
    weight: row.weight,
    label: row.label,
    text: row.text,
    subject: { start: row.subject_start, end: row.subject_end },
    object: { start: row.object_start, end: row.object_end },
  };
}
