import { registerEnumType } from '../decorators.js';
import { ERROR_CODES, type ErrorCode } from '../../domain/errors.js';
import type { EntityType, MentionType } from '../../domain/mention-types.js';
import type { DatePrecision, MentionOrigin, TripleStatus } from '../../domain/model.js';
import type { DictionaryFormat } from '../../identity/dictionary-reader.js';
import type { DuplicateReason } from '../../identity/name-evidence.js';
import type { OffsetUnit } from '../../domain/offsets.js';
import type { Kernel } from '../../domain/profile.js';
import type { JobPriority, JobState } from '../../jobs/job-queue.js';
import type { JobKind } from '../../jobs/tasks.js';
import type { Change, ChangeKind, SearchKind } from '../../store/graph-queries.js';
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
    PAUSED: 'paused',
    COMPLETED: 'completed',
    FAILED: 'failed',
    CANCELLED: 'cancelled',
  } as const satisfies Record<string, JobState>,
  'JobState',
  'Where a job stands.',
  {
    QUEUED: 'Accepted and stored; not begun.',
    RUNNING: 'Work is being done, or waits for its next try.',
    PAUSED: 'Nothing of it is begun until it is resumed.',
    COMPLETED: 'The job is done. Documents that failed are among the dead letters; at least one was stored.',
    FAILED: 'The job is done, and every document failed; of a task, its error says why.',
    CANCELLED: 'What waited was dropped; what was stored stays.',
  },
);

export const JobPriorityEnum = register(
  { LOW: 'low', NORMAL: 'normal', HIGH: 'high' } as const satisfies Record<string, JobPriority>,
  'JobPriority',
  'Which waiting work goes first; work in hand is not broken off.',
  {
    LOW: 'After everything else.',
    NORMAL: 'In the order of coming.',
    HIGH: 'Before everything else.',
  },
);

const jobKinds = {
  INGEST: 'ingest',
  MEMORY_BUILD: 'memory-build',
  MEMORY_AUDIT: 'memory-audit',
  MEMORY_IMPORT: 'memory-import',
  MEMORY_EXPORT: 'memory-export',
  MEMORY_DERIVE: 'memory-derive',
  TUNE: 'tune',
  EVALUATE: 'evaluate',
  DICTIONARY_IMPORT: 'dictionary-import',
  RESCORE: 'rescore',
  STORE_MIGRATION: 'store-migration',
} as const satisfies Record<string, JobKind>;
export const JobKindEnum = register(jobKinds, 'JobKind', 'What a job does.', {
  INGEST: 'Extracts documents and stores what they say.',
  MEMORY_BUILD: 'Builds a version of a memory.',
  MEMORY_AUDIT: 'Looks for doubtful entries of a memory.',
  MEMORY_IMPORT: 'Makes a version of a memory from JSON lines.',
  MEMORY_EXPORT: 'Writes the entries of a memory as JSON lines.',
  MEMORY_DERIVE: 'Makes a version of a memory out of others.',
  TUNE: 'Looks for the settings of a scoring profile that do best on a data set.',
  EVALUATE: 'Measures profiles on a data set.',
  DICTIONARY_IMPORT: 'Imports a dictionary of known entities.',
  RESCORE: 'Scores stored predictions again, without the encoder.',
  STORE_MIGRATION: 'Moves the knowledge base to another store.',
} satisfies Record<keyof typeof jobKinds, string>);

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
  { EXTERNAL_ID: 'externalId', NEWEST: 'newest', OLDEST: 'oldest' } as const satisfies Record<
    string,
    NonNullable<DocumentQuery['order']>
  >,
  'DocumentOrder',
  'Order of documents.',
  { EXTERNAL_ID: 'By externalId.', NEWEST: 'Last ingested first.', OLDEST: 'First ingested first.' },
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
    DOCUMENT: 'document',
    OBJECT_YEAR: 'objectYear',
    OBJECT_MONTH: 'objectMonth',
    CONFIDENCE_BAND: 'confidenceBand',
  } as const satisfies Record<string, TripleCountField>,
  'TripleCountField',
  'What triples are counted by.',
  {
    PREDICATE: 'Predicate id.',
    SUBJECT_TYPE: "Type of the subject's entity.",
    OBJECT_TYPE: "Type of the object's entity.",
    STATUS: 'Curation status.',
    DOCUMENT: 'Id of each document that supports it: a triple counts once for each.',
    OBJECT_YEAR: 'Year of an object that is a date: 1879. Other triples do not count.',
    OBJECT_MONTH: 'Month of an object that is a date and tells it: 1879-03. Other triples do not count.',
    CONFIDENCE_BAND: 'Tenth of the confidence: 0.3-0.4 from 0.3 on and below 0.4; 1 is in the last.',
  },
);

export const SearchKindEnum = register(
  { ENTITY: 'entity', SENTENCE: 'sentence' } as const satisfies Record<string, SearchKind>,
  'SearchKind',
  'What a search looks at.',
  { ENTITY: 'Names and aliases of entities.', SENTENCE: 'Sentences of documents.' },
);

export const ChangeKindEnum = register(
  { DOCUMENT: 'document', ENTITY: 'entity', TRIPLE: 'triple' } as const satisfies Record<string, ChangeKind>,
  'ChangeKind',
  'What changed.',
  {
    DOCUMENT: 'A document: its text, title, source, metadata or predictions.',
    ENTITY: 'An entity: its name or its external ids.',
    TRIPLE: 'A triple: its evidence, its confidence or its status.',
  },
);

export const ChangeTypeEnum = register(
  { CREATED: 'created', CHANGED: 'changed', REMOVED: 'removed' } as const satisfies Record<
    string,
    Change['change']
  >,
  'ChangeType',
  'What happened to it, seen from the cursor.',
  {
    CREATED: 'It came into being, perhaps again.',
    CHANGED: 'It was there and is another now.',
    REMOVED: 'It is not there any more.',
  },
);

export const DuplicateReasonEnum = register(
  {
    SAME_EXTERNAL_ID: 'same-external-id',
    SAME_NAME: 'same-name',
    SAME_NAME_OTHER_TYPE: 'same-name-other-type',
    ABBREVIATION: 'abbreviation',
    SHORTENED_NAME: 'shortened-name',
    SPELLING: 'spelling',
    SHARED_NEIGHBOURS: 'shared-neighbours',
  } as const satisfies Record<string, DuplicateReason>,
  'DuplicateReason',
  'Why two entities may be one.',
  {
    SAME_EXTERNAL_ID: 'Dictionaries give both the same external id.',
    SAME_NAME: 'Both go by the same name.',
    SAME_NAME_OTHER_TYPE: 'Both go by the same name, as things of different types.',
    ABBREVIATION: 'A name of one has the initials of a name of the other.',
    SHORTENED_NAME: 'A name of one is a name of the other with words left out or cut to initials.',
    SPELLING: 'Names of the two differ in a letter or two.',
    SHARED_NEIGHBOURS: 'Both have the same triples with the same other ends.',
  },
);

export const DictionaryFormatEnum = register(
  { CSV: 'csv', JSONL: 'jsonl' } as const satisfies Record<string, DictionaryFormat>,
  'DictionaryFormat',
  'How a file of known entities is written.',
  {
    CSV: 'CSV with the header type,name,aliases,externalIds; several values joined by |.',
    JSONL: 'One JSON object a line with the same fields, aliases and externalIds as lists.',
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
    QUEUE_UNAVAILABLE: "The job queue's server cannot be reached, or would not keep what it accepts.",
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
