import type { DocumentInput } from '../domain/model.js';
import { invalidArgument } from './errors.js';
import { given } from './filters.js';
import type { ApiLimits } from './services.js';
import { toUtf16Spans } from './spans.js';
import type { DocumentInputType } from './types/document.js';

/** From the schema's input to the domain's: null is absent, offsets count UTF-16 units. */
export function documentInput(input: DocumentInputType): DocumentInput {
  const { externalId, text, title, source, metadata, mentions, offsetUnit } = input;
  return {
    externalId,
    text,
    ...given({ title, source, metadata }),
    ...(mentions && {
      // Plain objects: what type-graphql hands over are instances of its input classes.
      mentions: toUtf16Spans(
        text,
        mentions.map(({ start, end, type }) => ({ start, end, type })),
        offsetUnit,
      ),
    }),
  };
}

/** @throws NeighborKbError INVALID_ARGUMENT naming `documents` */
export function requireDocumentCount(
  documents: readonly unknown[],
  { maxDocumentsPerCall }: ApiLimits,
): void {
  if (documents.length < 1 || documents.length > maxDocumentsPerCall)
    throw invalidArgument(
      `documents has ${documents.length} items; it must have 1 to ${maxDocumentsPerCall}`,
      'documents',
    );
}
