import type { OffsetUnit } from '../../../domain/offsets.js';
import type { DocumentQuery, SaveOutcome } from '../../../store/graph-store.js';
import { describedEnum } from './described-enum.js';

export const OffsetUnitEnum = describedEnum<OffsetUnit>(
  'OffsetUnit',
  'What offsets count. Ends are exclusive in either unit.',
  {
    utf16: 'UTF-16 code units, as JavaScript and Java strings do.',
    'code-points': 'Unicode code points, as Python strings do.',
  },
);

export type SpanScope = 'document' | 'sentence';
export const SpanScopeEnum = describedEnum<SpanScope>('SpanScope', 'Where offsets count from.', {
  document: "From the start of the document's text.",
  sentence: "From the start of the sentence's text.",
});

export const DocumentChangeEnum = describedEnum<SaveOutcome['change']>(
  'DocumentChange',
  'What an ingest did to a document.',
  {
    created: 'There was no document with this externalId.',
    replaced: 'An earlier revision, or one made under another profile, was replaced.',
    unchanged: 'The same revision was stored already: nothing was done.',
  },
);

export const DocumentOrderEnum = describedEnum<NonNullable<DocumentQuery['order']>>(
  'DocumentOrder',
  'Order of documents.',
  { externalId: 'By externalId.', newest: 'Last ingested first.', oldest: 'First ingested first.' },
);
