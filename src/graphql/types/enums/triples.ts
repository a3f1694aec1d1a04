import type { TripleStatus } from '../../../domain/model.js';
import type { TripleCountField, TripleQuery } from '../../../store/graph-store.js';
import { describedEnum } from './described-enum.js';

export const TripleStatusEnum = describedEnum<TripleStatus>(
  'TripleStatus',
  'What curators decided about a triple.',
  {
    unreviewed: 'No curator has decided yet.',
    accepted: 'A curator accepted it.',
    rejected: 'A curator rejected it.',
  },
);

export type TripleOrder = NonNullable<TripleQuery['order']>;
export const TripleOrderEnum = describedEnum<TripleOrder>('TripleOrder', 'Order of triples.', {
  confidenceDescending: 'Most confident first.',
  confidenceAscending: 'Least confident first.',
  evidenceCountDescending: 'Most pieces of evidence first.',
  predicate: 'By predicate id.',
});

export const TripleCountFieldEnum = describedEnum<TripleCountField>(
  'TripleCountField',
  'What triples are counted by.',
  {
    predicate: 'Predicate id.',
    subjectType: "Type of the subject's entity.",
    objectType: "Type of the object's entity.",
    status: 'Curation status.',
    document: 'Id of each document that supports it: a triple counts once for each.',
    objectYear: 'Year of an object that is a date: 1879. Other triples do not count.',
    objectMonth: 'Month of an object that is a date and tells it: 1879-03. Other triples do not count.',
    confidenceBand: 'Tenth of the confidence: 0.3-0.4 from 0.3 on and below 0.4; 1 is in the last.',
  },
);
