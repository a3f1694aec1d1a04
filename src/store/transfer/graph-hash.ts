import { createHash } from 'node:crypto';
import type { Entity, ExtractedDocument, Triple } from '../../domain/model.js';
import type { Distinction, EntityReference, Merge } from '../../domain/redirects.js';
import type { KnownEntity } from '../identity-store.js';

/*
 * Hashes that tell whether two stores hold the same, whatever order they give it in: SHA-256 over JSON with sorted
 * parts; floats are written with all of their digits, bytes as base64.
 */

/** Everything that a document brings. */
export function documentHash({
  document,
  sentences,
  mentions,
  entities,
  predictions,
}: ExtractedDocument): string {
  return hashOf([
    [document.id, document.externalId, document.revision, document.title, document.source],
    [document.text, canonical(document.metadata)],
    sentences.map(({ id, index, start, end }) => [id, index, start, end]).sort(byFirst),
    mentions
      .map(({ id, sentenceId, start, end, text, type, score, origin, entityId }) => [
        ...[id, sentenceId, start, end, text, type, score, origin, entityId],
      ])
      .sort(byFirst),
    entities.map(({ id, type, name, date }) => [id, type, name, date?.iso, date?.precision]).sort(byFirst),
    predictions.map(predictionParts).sort(byFirst),
  ]);
}

function predictionParts(prediction: ExtractedDocument['predictions'][number]): unknown[] {
  const { id, sentenceId, subjectMentionId, objectMentionId, label, p, pRe, pKnn, confidence } = prediction;
  return [
    ...[id, sentenceId, subjectMentionId, objectMentionId, label, p, pRe, pKnn, confidence],
    ...[prediction.profile, prediction.model],
    ...[base64(prediction.representation), base64(prediction.classifier)],
    prediction.neighbours.map(({ memory, memoryVersion, entry, rank, squaredDistance, weight, ...voter }) => [
      ...[memory, memoryVersion, entry, rank, squaredDistance, weight, voter.label, voter.text],
      ...[voter.subject.start, voter.subject.end, voter.object.start, voter.object.end],
    ]),
  ];
}

export function tripleHash({ id, confidence, evidenceCount, status }: Triple): string {
  return hashOf([id, confidence, evidenceCount, status]);
}

export function entityHash({ id, type, name, date, externalIds }: Entity): string {
  return hashOf([
    id,
    type,
    name,
    date?.iso,
    date?.precision,
    externalIds.map(({ scheme, value }) => [scheme, value]),
  ]);
}

export function entryHash({ id, type, name, aliases, externalIds }: KnownEntity): string {
  return hashOf([id, type, name, aliases, externalIds.map(({ scheme, value }) => [scheme, value])]);
}

export function mergeHash({ id, from, into, by, at, note, undone }: Merge): string {
  return hashOf([id, referenceParts(from), referenceParts(into), by, at, note, undone?.by, undone?.at]);
}

export function distinctionHash({ entities, by, at, note }: Distinction): string {
  return hashOf([entities.map(referenceParts), by, at, note]);
}

function referenceParts({ id, type, name }: EntityReference): unknown[] {
  return [id, type, name];
}

/** A hash of a set of different things, whatever their order: the exclusive or of their hashes, and their number. */
export class SetHash {
  private readonly bytes = Buffer.alloc(32);
  private count = 0;

  /** @param hash of one thing, hexadecimal */
  add(hash: string): void {
    for (const [place, byte] of Buffer.from(hash, 'hex').entries())
      this.bytes[place] = (this.bytes[place] ?? 0) ^ byte;
    this.count++;
  }

  get value(): string {
    return `${this.count}:${this.bytes.toString('hex')}`;
  }
}

function hashOf(parts: unknown): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** JSON whose keys are sorted on every level: a store may give them back in another order. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(byFirst)
    .map(([key, part]) => [key, canonical(part)]);
}

function byFirst(a: readonly unknown[], b: readonly unknown[]): number {
  return String(a[0]) < String(b[0]) ? -1 : 1;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
