import { registerEnumType } from '../decorators.js';
import { ERROR_CODES, type ErrorCode } from '../../domain/errors.js';
import type { EntityType, MentionType } from '../../domain/mention-types.js';
import type { DatePrecision, MentionOrigin, TripleStatus } from '../../domain/model.js';
import type { OffsetUnit } from '../../domain/offsets.js';
import type { Kernel } from '../../domain/profile.js';
import type { JobState } from '../../jobs/job-queue.js';
import type {
  DocumentQuery,
  EntityQuery,
  SaveOutcome,
  TripleCountField,
  TripleQuery,
} from '../../store/graph-store.js';

/** The description of every value, by the name that the API gives it; a missing one does not compile. */
type Described<Enum> = Readonly<Record<keyof Enum, string>>;

function register<Enum extends object>(
  enumeration: Enum,
  name: string,
  description: string,
  values: Described<Enum>,
): Enum {
  const valuesConfig = Object.fromEntries(
    Object.entries<string>(values).map(([value, text]) => [value, { description: text }]),
  );
  registerEnumType(enumeration, { name, description, valuesConfig: valuesConfig as never });
  return enumeration;
}

const entityTypes = { PER: 'PER', ORG: 'ORG', LOC: 'LOC', TIME: 'TIME', NUM: 'NUM', MISC: 'MISC' } as const;
const entityTypeTexts = {
  PER: 'A person.',
  ORG: 'An organisation: company, team, band, party, school, authority.',
  LOC: 'A place: country, city, region, river, building.',
  TIME: 'A date, year or period.',
  NUM: 'A number or an amount.',
  MISC: 'Another named thing: work, event, award, language, people, product.',
} as const;

export const EntityTypeEnum = register(
  entityTypes satisfies Record<EntityType, EntityType>,
  'EntityType',
  'What kind of thing an entity is.',
  entityTypeTexts,
);

export const MentionTypeEnum = register(
  { ...entityTypes, PRON: 'PRON' } satisfies Record<MentionType, MentionType>,
  'MentionType',
  'What kind of thing a mention names.',
  { ...entityTypeTexts, PRON: 'A pronoun that stands for an entity of another type.' },
);

export const MentionOriginEnum = register(
  { DETECTOR: 'detector', PRONOUN: 'pronoun', GIVEN: 'given' } as const satisfies Record<
    string,
    MentionOrigin
  >,
  'MentionOrigin',
  'Where a mention comes from.',
  {
    DETECTOR: 'The mention detector found it.',
    PRONOUN: 'A word of the list of pronouns.',
    GIVEN: 'The client brought it along.',
  },
);

export const DatePrecisionEnum = register(
  {
    DAY: 'day',
    MONTH: 'month',
    YEAR: 'year',
    DECADE: 'decade',
    CENTURY: 'century',
  } as const satisfies Record<string, DatePrecision>,
  'DatePrecision',
  'How exactly a date is known.',
  {
    DAY: 'To the day: 1879-03-14.',
    MONTH: 'To the month: 1879-03.',
    YEAR: 'To the year: 1879.',
    DECADE: 'To the decade: 187X.',
    CENTURY: 'To the century: 18XX.',
  },
);

export const TripleStatusEnum = register(
  {
    UNREVIEWED: 'unreviewed',
    ACCEPTED: 'accepted',
    REJECTED: 'rejected',
  } as const satisfies Record<string, TripleStatus>,
  'TripleStatus',
  'What curators decided about a triple.',
  {
    UNREVIEWED: 'No curator has decided yet.',
    ACCEPTED: 'A curator accepted it.',
    REJECTED: 'A curator rejected it.',
  },
);

export const OffsetUnitEnum = register(
  { UTF16: 'utf16', CODE_POINTS: 'code-points' } as const satisfies Record<string, OffsetUnit>,
  'OffsetUnit',
  'What offsets count. Ends are exclusive in either unit.',
  {
    UTF16: 'UTF-16 code units, as JavaScript and Java strings do.',
    CODE_POINTS: 'Unicode code points, as Python strings do.',
  },
);

export const SPAN_SCOPES = { DOCUMENT: 'document', SENTENCE: 'sentence' } as const;
export type SpanScope = (typeof SPAN_SCOPES)[keyof typeof SPAN_SCOPES];
export const SpanScopeEnum = register(SPAN_SCOPES, 'SpanScope', 'Where offsets count from.', {
  DOCUMENT: "From the start of the document's text.",
  SENTENCE: "From the start of the sentence's text.",
});

export const KernelEnum = register(
  { RBF: 'rbf', RBF_VARIANCE: 'rbf-variance' } as const satisfies Record<string, Kernel>,
  'Kernel',
  'How distances become votes: w = softmax(-d / tau).',
  { RBF: 'tau = T.', RBF_VARIANCE: "tau = 2 T var(d), the variance of the query's own distances." },
);

export const JobStateEnum = register(
  {
    QUEUED: 'queued',
    RUNNING: 'running',
    COMPLETED: 'completed',
    FAILED: 'failed',
  } as const satisfies Record<string, JobState>,
  'JobState',
  'Where a job stands.',
  {
    QUEUED: 'Accepted and stored; not begun.',
    RUNNING: 'Documents are being extracted.',
    COMPLETED: 'The job is done: at least one document was stored, refused ones are among the failures.',
    FAILED: 'The job is done, and every document was refused.',
  },
);

export const DocumentChangeEnum = register(
  { CREATED: 'created', REPLACED: 'replaced', UNCHANGED: 'unchanged' } as const satisfies Record<
    string,
    SaveOutcome['change']
  >,
  'DocumentChange',
  'What an ingest did to a document.',
  {
    CREATED: 'There was no document with this externalId.',
    REPLACED: 'An earlier revision, or one made under another profile, was replaced.',
    UNCHANGED: 'The same revision was stored already: nothing was done.',
  },
);

export const DocumentOrderEnum = register(
  { EXTERNAL_ID: 'externalId', NEWEST: 'newest' } as const satisfies Record<
    string,
    NonNullable<DocumentQuery['order']>
  >,
  'DocumentOrder',
  'Order of documents.',
  { EXTERNAL_ID: 'By externalId.', NEWEST: 'Last ingested first.' },
);

export const EntityOrderEnum = register(
  { NAME: 'name', MENTIONS: 'mentions' } as const satisfies Record<string, NonNullable<EntityQuery['order']>>,
  'EntityOrder',
  'Order of entities.',
  { NAME: 'By name.', MENTIONS: 'Most mentioned first.' },
);

export const TripleOrderEnum = register(
  {
    CONFIDENCE_DESCENDING: 'confidenceDescending',
    CONFIDENCE_ASCENDING: 'confidenceAscending',
    EVIDENCE_COUNT_DESCENDING: 'evidenceCountDescending',
    PREDICATE: 'predicate',
  } as const satisfies Record<string, NonNullable<TripleQuery['order']>>,
  'TripleOrder',
  'Order of triples.',
  {
    CONFIDENCE_DESCENDING: 'Most confident first.',
    CONFIDENCE_ASCENDING: 'Least confident first.',
    EVIDENCE_COUNT_DESCENDING: 'Most pieces of evidence first.',
    PREDICATE: 'By predicate id.',
  },
);

export const TripleCountFieldEnum = register(
  {
    PREDICATE: 'predicate',
    SUBJECT_TYPE: 'subjectType',
    OBJECT_TYPE: 'objectType',
    STATUS: 'status',
  } as const satisfies Record<string, TripleCountField>,
  'TripleCountField',
  'What triples are counted by.',
  {
    PREDICATE: 'Predicate id.',
    SUBJECT_TYPE: "Type of the subject's entity.",
    OBJECT_TYPE: "Type of the object's entity.",
    STATUS: 'Curation status.',
  },
);

export const ErrorCodeEnum = register(
  ERROR_CODES,
  'ErrorCode',
  'Every error that a client can act on. A code never changes its meaning.',
  {
    INVALID_DOCUMENT: 'A field of a document is malformed.',
    EMPTY_TEXT: 'The text is empty or holds only white space.',
    MALFORMED_TEXT: 'The text holds a NUL, a lone surrogate or is binary.',
    TEXT_TOO_LARGE: 'The text is longer than the server takes.',
    INVALID_MENTION: 'A given mention is out of range, empty, duplicated or overlaps another.',
    UNKNOWN_MENTION_TYPE: "A given mention's type is not one of the schema's.",
    DUPLICATE_EXTERNAL_ID: 'Two documents of one call have the same externalId.',
    INVALID_ARGUMENT: 'An argument is outside what the schema states.',
    INVALID_FILE: 'A file is not in the format that its reader expects.',
    NOT_FOUND: 'There is nothing with this id or name.',
    CONFLICT: 'The state changed since the client read it.',
    QUEUE_FULL: 'The job queue holds as many documents as it may: try again later.',
    MODEL_MISSING: 'A model package is missing.',
    MODEL_CORRUPT: 'A model package differs from what its card says.',
    MEMORY_MISSING: 'A memory package is missing.',
    MEMORY_CORRUPT: 'A memory package differs from what its manifest says.',
    MEMORY_MODEL_MISMATCH: 'A memory was built with another relation encoder.',
    STORE_UNAVAILABLE: 'The store cannot be reached or refuses to work.',
    SCHEMA_TOO_NEW: 'The store was written by a newer version of NeighborKB.',
    INTERNAL: 'Something nobody foresaw; details are logged, not shown.',
  } satisfies Record<ErrorCode, string>,
);
