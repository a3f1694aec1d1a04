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
  Mention,
  MentionOrigin,
  Neighbour,
  Sentence,
  Triple,
  TripleStatus,
} from '../../domain/model.js';
import type { StoredEvidence, StoredPrediction } from '../graph-store.js';
import { bytesOf } from './connection.js';

/*
 * How nodes become the domain's words: of each, the pattern that finds what it is made of, what to return, and the
 * way from the row to the object. The variables are the same everywhere: d document, s sentence, m mention,
 * p prediction, e entity, t triple.
 */

export const DOCUMENT = `d {.id, .externalId, .revision, .text, .title, .source, .metadata} AS node`;
export interface DocumentNode {
  readonly id: DocumentId;
  readonly externalId: string;
  readonly revision: string;
  readonly text: string;
  readonly title: string | null;
  readonly source: string | null;
  readonly metadata: string | null;
}
export function documentOf({ metadata, ...node }: DocumentNode): Document {
  return {
    ...node,
    metadata: metadata === null ? null : (JSON.parse(metadata) as Record<string, unknown>),
  };
}

export const SENTENCE_MATCH = `(d:Document)-[:HAS_SENTENCE]->(s:Sentence)`;
export const SENTENCE = `s {.id, documentId: d.id, index: s.position, .start, .end} AS node`;
export function sentenceOf(node: Sentence): Sentence {
  return node;
}

export const MENTION_MATCH = `(d:Document)-[:HAS_SENTENCE]->(s:Sentence)-[:HAS_MENTION]->(m:Mention)`;
/** After `MATCH`: what a mention stands for, if anything. */
export const MENTION_ENTITY = `OPTIONAL MATCH (m)-[:REFERS_TO]->(e:Entity)`;
export const MENTION = `m {.id, documentId: d.id, sentenceId: s.id, .start, .end, .text, .type, .score, .origin,
  entityId: e.id} AS node`;
export interface MentionNode {
  readonly id: MentionId;
  readonly documentId: DocumentId;
  readonly sentenceId: SentenceId;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly type: MentionType;
  readonly score: number;
  readonly origin: MentionOrigin;
  readonly entityId: EntityId | null;
}
export function mentionOf(node: MentionNode): Mention {
  return node;
}

export const PREDICTION_MATCH = `(d:Document)-[:HAS_SENTENCE]->(s:Sentence)-[:HAS_PREDICTION]->(p:Prediction)`;
/** After the prediction's own match: its two mentions. */
export const PREDICTION_MENTIONS = `MATCH (p)-[:SUBJECT]->(subject:Mention) MATCH (p)-[:OBJECT]->(object:Mention)`;
const PREDICTION_FIELDS = `.id, documentId: d.id, sentenceId: s.id, subjectMentionId: subject.id,
  objectMentionId: object.id, .label, .p, .pRe, .pKnn, .confidence, .profile, .model, .representation, .classifier`;
export const PREDICTION = `p {${PREDICTION_FIELDS}} AS node`;
export interface PredictionNode extends Omit<StoredPrediction, 'representation' | 'classifier'> {
  readonly representation: Int8Array;
  readonly classifier: Int8Array;
}
export function predictionOf(node: PredictionNode): StoredPrediction {
  return {
    ...node,
    representation: bytesOf(node.representation),
    classifier: bytesOf(node.classifier),
  };
}

export const EVIDENCE_MATCH = `(d:Document)-[:HAS_SENTENCE]->(s:Sentence)-[:HAS_PREDICTION]->(p:Evidence)-[:SUPPORTS]->(t:Triple)`;
export const EVIDENCE = `p {${PREDICTION_FIELDS}, tripleId: t.id} AS node`;
export interface EvidenceNode extends PredictionNode {
  readonly id: PredictionId;
  readonly tripleId: TripleId;
}
export function evidenceOf({ tripleId, ...prediction }: EvidenceNode): StoredEvidence {
  return { ...predictionOf(prediction), tripleId };
}

export const ENTITY = `e {.id, .type, .name, .dateIso, .datePrecision, .externalIds} AS node`;
export interface EntityNode {
  readonly id: EntityId;
  readonly type: EntityType;
  readonly name: string;
  readonly dateIso: string | null;
  readonly datePrecision: DatePrecision | null;
  /** scheme:value, in code-unit order. */
  readonly externalIds: readonly string[] | null;
}
export function entityOf(node: EntityNode): Entity {
  const { id, type, name, dateIso: iso, datePrecision: precision, externalIds } = node;
  const date = iso === null || precision === null ? null : { iso, precision };
  return { id, type, name, date, externalIds: (externalIds ?? []).map(parseExternalId) };
}

export const TRIPLE = `t {.id, .subjectId, .predicate, .objectId, .confidence, evidenceCount: t.evidence, .status} AS node`;
export interface TripleNode {
  readonly id: TripleId;
  readonly subjectId: EntityId;
  readonly predicate: string;
  readonly objectId: EntityId;
  readonly confidence: number;
  readonly evidenceCount: number;
  readonly status: TripleStatus;
}
export function tripleOf(node: TripleNode): Triple {
  return node;
}

export const NEIGHBOUR = `m {.memory, .memoryVersion, .entry, .label, .text, rank: rank, squaredDistance: distance, weight: weight,
  .subjectStart, .subjectEnd, .objectStart, .objectEnd} AS node`;
export interface NeighbourNode extends Omit<Neighbour, 'subject' | 'object'> {
  readonly subjectStart: number;
  readonly subjectEnd: number;
  readonly objectStart: number;
  readonly objectEnd: number;
}
export function neighbourOf(node: NeighbourNode): Neighbour {
  const { subjectStart, subjectEnd, objectStart, objectEnd, ...neighbour } = node;
  return {
    ...neighbour,
    subject: { start: subjectStart, end: subjectEnd },
    object: { start: objectStart, end: objectEnd },
  };
}
