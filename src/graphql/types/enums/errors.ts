import type { ErrorCode } from '../../../domain/errors.js';
import { describedEnum } from './described-enum.js';

export const ErrorCodeEnum = describedEnum<ErrorCode>(
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
    SCHEMA_EDITED: 'A migration was edited after it had been applied to the store.',
    SCHEMA_FOREIGN: 'The database is not of NeighborKB, or holds another part of it.',
    INTERNAL: 'Something nobody foresaw; details are logged, not shown.',
  },
);
