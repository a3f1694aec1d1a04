import type { DocumentInput } from '../domain/model.js';
import { validateBatch, type DocumentLimits } from '../extraction/document-input.js';
import type { JobFailure } from './job-queue.js';

/** A failed document with its place among those that came with it. */
export type PlacedFailure = JobFailure & { readonly position: number };

export interface SiftedDocuments {
  readonly accepted: readonly { readonly position: number; readonly document: DocumentInput }[];
  readonly refused: readonly PlacedFailure[];
  /** Accepted and refused together. */
  readonly count: number;
}

/** Malformed documents are refused at once and take no room; the others wait. */
export function sift(documents: readonly DocumentInput[], limits: DocumentLimits): SiftedDocuments {
  const accepted: { position: number; document: DocumentInput }[] = [];
  const refused: PlacedFailure[] = [];
  for (const [position, check] of validateBatch(documents, limits).entries())
    if (check.ok) accepted.push({ position, document: check.document });
    else {
      const { code, message, path } = check.error;
      refused.push({ position, externalId: check.externalId, code, message, path });
    }
  return { accepted, refused, count: documents.length };
}
