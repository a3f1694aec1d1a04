import { NeighborKbError, type ErrorCode, type FieldPath } from '../domain/errors.js';
import { isMentionType, MENTION_TYPES } from '../domain/mention-types.js';
import type { DocumentInput, GivenMention } from '../domain/model.js';
import { isSurrogatePair, type Span } from '../domain/offsets.js';

export interface DocumentLimits {
  /** Longest text, UTF-16 units. */
  readonly maxTextLength: number;
}

export const DEFAULT_DOCUMENT_LIMITS: DocumentLimits = { maxTextLength: 1_000_000 };

/** Longest externalId, title and source, UTF-16 units. */
export const MAX_EXTERNAL_ID_LENGTH = 512;
export const MAX_TITLE_LENGTH = 2_000;
/** Longest given mention, UTF-16 units. */
export const MAX_MENTION_LENGTH = 1_000;

/** Control and replacement characters above this share of the text mean that it is no text. */
const MAX_CONTROL_SHARE = 0.1;

/** A document that was checked, or the first thing that is wrong with it; paths start at the document. */
export type DocumentCheck =
  | { readonly ok: true; readonly document: DocumentInput }
  | { readonly ok: false; readonly externalId: string; readonly error: NeighborKbError };

/**
 * Checks the documents of one call, each on its own: a bad one says nothing about the others. Where an
 * externalId comes twice, the first document keeps it.
 */
export function validateBatch(
  documents: readonly DocumentInput[],
  limits: DocumentLimits = DEFAULT_DOCUMENT_LIMITS,
): DocumentCheck[] {
  const firstUse = new Map<string, number>();
  return documents.map((document, index) => {
    try {
      validateDocument(document, limits);
      const first = firstUse.get(document.externalId);
      if (first !== undefined)
        fail('DUPLICATE_EXTERNAL_ID', `the same externalId as document ${first} of this call`, [
          'externalId',
        ]);
      firstUse.set(document.externalId, index);
      return { ok: true, document };
    } catch (error) {
      if (!(error instanceof NeighborKbError)) throw error;
      return { ok: false, externalId: externalIdOf(document), error };
    }
  });
}

/**
 * @throws NeighborKbError INVALID_DOCUMENT, EMPTY_TEXT, MALFORMED_TEXT, TEXT_TOO_LARGE, INVALID_MENTION or
 * UNKNOWN_MENTION_TYPE; its path starts at the document: `['mentions', 3, 'end']`
 */
export function validateDocument(
  document: DocumentInput,
  limits: DocumentLimits = DEFAULT_DOCUMENT_LIMITS,
): void {
  // Documents come from JSON: the types are a promise that nobody kept yet.
  if (typeof document !== 'object' || document === null) fail('INVALID_DOCUMENT', 'must be an object', []);
  checkExternalId(document.externalId);
  checkLine(document.title, 'title');
  checkLine(document.source, 'source');
  const { metadata } = document;
  if (
    metadata !== undefined &&
    (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata))
  )
    fail('INVALID_DOCUMENT', 'must be an object', ['metadata']);
  checkText(document.text, limits);
  if (document.mentions !== undefined) checkMentions(document.text, document.mentions);
}

function checkExternalId(externalId: unknown): void {
  const path = ['externalId'];
  if (typeof externalId !== 'string') return fail('INVALID_DOCUMENT', 'must be a string', path);
  if (externalId.length < 1 || externalId.length > MAX_EXTERNAL_ID_LENGTH)
    fail('INVALID_DOCUMENT', `must have 1 to ${MAX_EXTERNAL_ID_LENGTH} characters`, path);
  if (/\p{Cc}/u.test(externalId)) fail('INVALID_DOCUMENT', 'must not hold control characters', path);
  if (loneSurrogate(externalId) >= 0) fail('INVALID_DOCUMENT', 'must not hold half a surrogate pair', path);
}

function checkLine(value: unknown, field: 'title' | 'source'): void {
  if (value === undefined) return;
  if (typeof value !== 'string') return fail('INVALID_DOCUMENT', 'must be a string', [field]);
  if (value.length > MAX_TITLE_LENGTH)
    fail('INVALID_DOCUMENT', `must have at most ${MAX_TITLE_LENGTH} characters`, [field]);
  if (value.includes('\0') || loneSurrogate(value) >= 0)
    fail('INVALID_DOCUMENT', 'must not hold NUL or half a surrogate pair', [field]);
}

function checkText(text: unknown, { maxTextLength }: DocumentLimits): void {
  const path = ['text'];
  if (typeof text !== 'string') return fail('INVALID_DOCUMENT', 'must be a string', path);
  if (text.length > maxTextLength)
    fail('TEXT_TOO_LARGE', `has ${text.length} UTF-16 units, at most ${maxTextLength} are taken`, path);
  const nul = text.indexOf('\0');
  if (nul >= 0) fail('MALFORMED_TEXT', `holds a NUL character at offset ${nul}`, path);
  const lone = loneSurrogate(text);
  if (lone >= 0) fail('MALFORMED_TEXT', `holds half a surrogate pair at offset ${lone}`, path);
  if (controlCharacters(text) > MAX_CONTROL_SHARE * text.length)
    fail('MALFORMED_TEXT', 'is mostly control characters: binary data is not text', path);
  if (!/[\p{L}\p{N}\p{P}\p{S}]/u.test(text)) fail('EMPTY_TEXT', 'holds nothing but white space', path);
}

function checkMentions(text: string, mentions: unknown): void {
  if (!Array.isArray(mentions)) return fail('INVALID_DOCUMENT', 'must be a list', ['mentions']);
  mentions.forEach((mention: unknown, index) => checkMention(text, mention, index));
  const ordered = (mentions as GivenMention[])
    .map((mention, index) => ({ mention, index }))
    .sort((a, b) => a.mention.start - b.mention.start || a.mention.end - b.mention.end || a.index - b.index);
  for (let i = 1; i < ordered.length; i++) {
    const before = ordered[i - 1] as (typeof ordered)[number];
    const after = ordered[i] as (typeof ordered)[number];
    // In order and not overlapping so far: only the neighbour before can reach into this one.
    if (after.mention.start >= before.mention.end) continue;
    const same = after.mention.start === before.mention.start && after.mention.end === before.mention.end;
    const verb = same ? 'is the same span as' : 'overlaps';
    fail('INVALID_MENTION', `${verb} mention ${before.index}`, ['mentions', after.index]);
  }
}

function checkMention(text: string, mention: unknown, index: number): void {
  const path = ['mentions', index];
  if (typeof mention !== 'object' || mention === null)
    return fail('INVALID_MENTION', 'must be an object', path);
  const { start, end, type } = mention as Partial<Record<'start' | 'end' | 'type', unknown>>;
  if (typeof start !== 'number' || !Number.isSafeInteger(start) || start < 0 || start >= text.length)
    return fail('INVALID_MENTION', `must be an integer in 0..${text.length - 1}`, [...path, 'start']);
  if (typeof end !== 'number' || !Number.isSafeInteger(end) || end <= start || end > text.length)
    return fail('INVALID_MENTION', `must be an integer in ${start + 1}..${text.length}`, [...path, 'end']);
  if (end - start > MAX_MENTION_LENGTH)
    fail('INVALID_MENTION', `makes a mention of more than ${MAX_MENTION_LENGTH} characters`, [
      ...path,
      'end',
    ]);
  for (const [field, offset] of Object.entries({ start, end }))
    if (offset > 0 && isSurrogatePair(text, offset - 1))
      fail('INVALID_MENTION', 'splits a surrogate pair', [...path, field]);
  if (!coversWord(text, { start, end })) fail('INVALID_MENTION', 'covers no visible character', path);
  if (!isMentionType(type))
    fail('UNKNOWN_MENTION_TYPE', `must be one of ${MENTION_TYPES.join(', ')}`, [...path, 'type']);
}

function coversWord(text: string, span: Span): boolean {
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(text.slice(span.start, span.end));
}

/** Offset of the first surrogate without its partner, or -1. */
function loneSurrogate(text: string): number {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0xd800 || code > 0xdfff) continue;
    if (!isSurrogatePair(text, i)) return i;
    i++;
  }
  return -1;
}

/** Controls other than white space, and the replacement characters that decoding binary data leaves. */
function controlCharacters(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const isWhiteSpace = (code >= 9 && code <= 13) || code === 0x85;
    if (code === 0xfffd || ((code < 32 || (code >= 0x7f && code <= 0x9f)) && !isWhiteSpace)) count++;
  }
  return count;
}

function externalIdOf(document: unknown): string {
  const externalId = (document as { externalId?: unknown } | null)?.externalId;
  return typeof externalId === 'string' ? externalId.slice(0, MAX_EXTERNAL_ID_LENGTH) : '';
}

function fail(code: ErrorCode, reason: string, path: FieldPath): never {
  throw new NeighborKbError(code, path.length === 0 ? reason : `${path.join('.')} ${reason}`, path);
}
