import type { NeighborKbError } from '../domain/errors.js';
import type { DocumentInput, ExtractedDocument } from '../domain/model.js';
import type { ScoringProfile } from '../domain/profile.js';

/** One document's way through the pipeline: what it brought, or why it was refused. */
export type ExtractionOutcome =
  | { readonly ok: true; readonly extracted: ExtractedDocument }
  | { readonly ok: false; readonly externalId: string; readonly error: NeighborKbError };

/** Text in, predictions out. Writes nothing. */
export interface Extractor {
  /**
   * Extracts all documents together, so that the encoder's batches are full; outcomes in the order of the
   * documents. A bad document gives an outcome with its error and leaves the others alone.
   * Predictions hold every type-gated pair, NIL included.
   */
  extract(documents: readonly DocumentInput[], profile: ScoringProfile): Promise<ExtractionOutcome[]>;
}
