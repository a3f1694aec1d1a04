import type { DocumentInput, ExtractedDocument } from '../domain/model.js';
import type { PredicateSchema } from '../domain/predicates.js';
import type { ScoringProfile } from '../domain/profile.js';
import type { Extractor } from '../extraction/ports.js';
import { extractedOf, type PairTable, PairTableBuilder } from './pair-table.js';

/** Documents given to the extractor at a time: enough for full batches, few enough to stay small. */
export const DOCUMENTS_PER_CHUNK = 64;

/** What an evaluation runs with. */
export interface EvaluationContext {
  readonly extractor: Extractor;
  readonly schema: PredicateSchema;
  /** The relation encoder's labels, NIL at index 0: the columns of every prediction's classifier. */
  readonly labels: readonly string[];
  /** Told how many of how many documents are done. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Extracts documents in chunks and hands each to `visit` in order.
 * @throws the error of the first document that is refused: gold data has no excuse
 */
export async function extractAll(
  { extractor, onProgress }: EvaluationContext,
  documents: readonly DocumentInput[],
  profile: ScoringProfile,
  visit: (extracted: ExtractedDocument, index: number) => void,
): Promise<void> {
  for (let from = 0; from < documents.length; from += DOCUMENTS_PER_CHUNK) {
    const outcomes = await extractor.extract(documents.slice(from, from + DOCUMENTS_PER_CHUNK), profile);
    outcomes.forEach((outcome, index) => {
      visit(extractedOf(outcome), from + index);
    });
    onProgress?.(from + outcomes.length, documents.length);
  }
}

/** The profile without its memories: pairs are encoded and nothing is searched. */
export function classifierAlone(profile: ScoringProfile): ScoringProfile {
  return { ...profile, memories: [] };
}

/** One pass of the encoder over documents: the table that any number of settings are scored on. */
export async function encodePairs(
  context: EvaluationContext,
  documents: readonly DocumentInput[],
  profile: ScoringProfile,
): Promise<PairTable> {
  const builder = new PairTableBuilder(context.labels, context.schema);
  await extractAll(context, documents, classifierAlone(profile), (extracted, index) => {
    builder.add(index, extracted);
  });
  return builder.build();
}
