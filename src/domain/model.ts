import type { ExternalId } from './external-id.js';
import type { DocumentId, EntityId, MentionId, PredictionId, SentenceId, TripleId } from './identity.js';
import type { EntityType, MentionType } from './mention-types.js';
import type { Span } from './offsets.js';

/** A mention that the client brings along; offsets in UTF-16 units of the document's text. */
export interface GivenMention extends Span {
  readonly type: MentionType;
}

/** What a client ingests. */
export interface DocumentInput {
  readonly externalId: string;
  readonly text: string;
  readonly title?: string;
  readonly source?: string;
  /** The client's own, kept and returned as it is. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Given: these mentions are used in place of the detector's. */
  readonly mentions?: readonly GivenMention[];
}

export interface Document {
  readonly id: DocumentId;
  readonly externalId: string;
  /** Hash of text, title and given mentions: the same revision is not extracted again. */
  readonly revision: string;
  readonly text: string;
  readonly title: string | null;
  readonly source: string | null;
  readonly metadata: Readonly<Record<string, unknown>> | null;
}

export interface Sentence extends Span {
  readonly id: SentenceId;
  readonly documentId: DocumentId;
  /** Position in the document, from 0. */
  readonly index: number;
}

export const MENTION_ORIGINS = ['detector', 'pronoun', 'given'] as const;
export type MentionOrigin = (typeof MENTION_ORIGINS)[number];

export interface Mention extends Span {
  readonly id: MentionId;
  readonly documentId: DocumentId;
  readonly sentenceId: SentenceId;
  readonly text: string;
  readonly type: MentionType;
  /** The detector's probability of the span and its type, in [0, 1]; 1 for given mentions and pronouns. */
  readonly score: number;
  readonly origin: MentionOrigin;
  /** What it refers to; null for a pronoun that could not be resolved. */
  readonly entityId: EntityId | null;
}

/** An entity as one document shows it. */
export interface LocalEntity {
  readonly id: EntityId;
  readonly type: EntityType;
  /** The fullest name in the document; for a date its ISO form. */
  readonly name: string;
  /** For dates alone. */
  readonly date: NormalisedDate | null;
}

export const DATE_PRECISIONS = ['day', 'month', 'year', 'decade', 'century'] as const;
export type DatePrecision = (typeof DATE_PRECISIONS)[number];

/** ISO 8601, cut to its precision: 1879-03-14, 1879-03, 1879, 187X, 18XX (EDTF's unspecified digits). */
export interface NormalisedDate {
  readonly iso: string;
  readonly precision: DatePrecision;
}

/** A memory entry that voted on a pair. */
export interface Neighbour {
  /** Name of the memory and version of its package. */
  readonly memory: string;
  readonly memoryVersion: string;
  /** Id of the entry inside its memory. */
  readonly entry: string;
  /** From 1, nearest first, within its memory. */
  readonly rank: number;
  /** Squared L2 distance between relation representations, after the memory's normalisation. */
  readonly squaredDistance: number;
  /** Its share of the memory's vote, in [0, 1]. */
  readonly weight: number;
  readonly label: string;
  readonly text: string;
  readonly subject: Span;
  readonly object: Span;
}

/** One scored pair. Label NIL: nothing of the schema holds. */
export interface Prediction {
  readonly id: PredictionId;
  readonly documentId: DocumentId;
  readonly sentenceId: SentenceId;
  readonly subjectMentionId: MentionId;
  readonly objectMentionId: MentionId;
  /** Predicate id or NIL. */
  readonly label: string;
  /** Probabilities of `label` (of NIL where the label is NIL): the mixture, the classifier, the neighbours. */
  readonly p: number;
  readonly pRe: number;
  readonly pKnn: number;
  /** Calibrated confidence that `label` holds; 1 - p(NIL) has no such meaning and is not given for NIL: null. */
  readonly confidence: number | null;
  /** `name@version` of the scoring profile that made it. */
  readonly profile: string;
  /** `name@version` of the relation encoder. */
  readonly model: string;
  /** All voters of all memories of the profile, by memory then rank. */
  readonly neighbours: readonly Neighbour[];
  /** Relation representation, float16 little-endian (2 bytes a component): what was searched with. */
  readonly representation: Uint8Array;
  /** p_RE over the model's labels, float32 little-endian. */
  readonly classifier: Uint8Array;
}

/** A prediction with a relation whose two mentions refer to entities. */
export interface Evidence extends Prediction {
  readonly tripleId: TripleId;
}

/** Everything that one document brings, ready to be written in one transaction. */
export interface ExtractedDocument {
  readonly document: Document;
  readonly sentences: readonly Sentence[];
  readonly mentions: readonly Mention[];
  readonly entities: readonly LocalEntity[];
  readonly predictions: readonly Prediction[];
}

export const TRIPLE_STATUSES = ['unreviewed', 'accepted', 'rejected'] as const;
export type TripleStatus = (typeof TRIPLE_STATUSES)[number];

export interface Entity {
  readonly id: EntityId;
  readonly type: EntityType;
  /**
   * Its name in a dictionary; else the full name that most documents give it (`LocalEntity.name`), ties to the first in
   * code-unit order. Names of entities that were merged into it do not count.
   */
  readonly name: string;
  readonly date: NormalisedDate | null;
  /** Of the dictionaries' entities that it stands for, in code-unit order; empty where there is none. */
  readonly externalIds: readonly ExternalId[];
}

export interface Triple {
  readonly id: TripleId;
  readonly subjectId: EntityId;
  readonly predicate: string;
  readonly objectId: EntityId;
  /** `aggregateConfidence` of its evidence. */
  readonly confidence: number;
  readonly evidenceCount: number;
  readonly status: TripleStatus;
}

/** Labels of a prediction that become a triple: a relation between two resolved, different entities. */
export function isEvidence(
  prediction: Pick<Prediction, 'label'>,
  subject: Pick<Mention, 'entityId'>,
  object: Pick<Mention, 'entityId'>,
): boolean {
  return (
    prediction.label !== 'NIL' &&
    subject.entityId !== null &&
    object.entityId !== null &&
    subject.entityId !== object.entityId
  );
}
