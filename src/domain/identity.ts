import { createHash } from 'node:crypto';
import { formatExternalId, type ExternalId } from './external-id.js';
import type { EntityType } from './mention-types.js';
import { identifyingName } from './name-forms.js';
import type { Span } from './offsets.js';

declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

export type DocumentId = Id<'document'>;
export type SentenceId = Id<'sentence'>;
export type MentionId = Id<'mention'>;
export type EntityId = Id<'entity'>;
export type PredictionId = Id<'prediction'>;
export type TripleId = Id<'triple'>;
export type MergeId = Id<'merge'>;

/*
 * Ids are functions of content, so that ingest is idempotent: the same documents give the same ids in any
 * order, on any store. Evidence is a prediction with a relation and carries the prediction's id.
 */

export function documentId(externalId: string): DocumentId {
  return hashId('doc', externalId) as DocumentId;
}

export function sentenceId(document: DocumentId, revision: string, index: number): SentenceId {
  return hashId('sen', document, revision, String(index)) as SentenceId;
}

export function mentionId(document: DocumentId, revision: string, span: Span): MentionId {
  return hashId('men', document, revision, String(span.start), String(span.end)) as MentionId;
}

/** An entity is its type and what identifies it in its normalised name; a date's name is its ISO form. */
export function entityId(type: EntityType, name: string): EntityId {
  return hashId('ent', type, identifyingName(type, normaliseName(name))) as EntityId;
}

/**
 * An entity of a dictionary is its type and its first external id, so that two of one name stay two and that its
 * name may change; without any it is its name, like the entities of documents.
 */
export function knownEntityId(type: EntityType, name: string, externalIds: readonly ExternalId[]): EntityId {
  const [first] = externalIds;
  return first
    ? (hashId('ent', type, 'external', formatExternalId(first)) as EntityId)
    : entityId(type, name);
}

/** A pair's best label has the pair's id; what holds beside it (`companion`) has its label in the id. */
export function predictionId(subject: MentionId, object: MentionId, companion?: string): PredictionId {
  const parts = companion === undefined ? [subject, object] : [subject, object, companion];
  return hashId('pre', ...parts) as PredictionId;
}

export function tripleId(subject: EntityId, predicate: string, object: EntityId): TripleId {
  return hashId('tri', subject, predicate, object) as TripleId;
}

/** The revision of a document: a hash of what extraction depends on. */
export function revisionOf(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

/**
 * The form under which names are compared: compatibility-normalised, without diacritics, punctuation and
 * letter case, white space folded. "Société  Générale," and "societe generale" are one name, so are
 * "Procter & Gamble" and "Procter and Gamble"; "C", "C++" and "C#" stay three.
 */
export function normaliseName(name: string): string {
  const folded = name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[’']s$/u, '')
    .replaceAll('&', ' and ')
    .replace(/(?<![\p{L}\p{N}+#])[+#]+|[^\p{L}\p{N}+#]+/gu, ' ')
    .replace(/ +/g, ' ')
    .trim();
  // A name of punctuation alone ("!!!") would vanish: it is compared as it stands.
  return folded === '' ? name.trim() : folded;
}

function hashId(kind: string, ...parts: readonly string[]): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([kind, ...parts]))
    .digest('base64url');
  return `${kind}_${digest.slice(0, 20)}`;
}
