import { NeighborKbError, type ErrorCode } from '../domain/errors.js';

/** What a script can tell from the exit status. Numbers never change their meaning. */
export const EXIT = {
  ok: 0,
  /** Something nobody foresaw. */
  unforeseen: 1,
  /** An option or argument is wrong. */
  usage: 2,
  /** A document, a line or a file was refused; the good ones were done. */
  badInput: 3,
  /** A model or a memory is missing, corrupt or of another kind. */
  modelOrMemory: 4,
  /** The store cannot be reached or is too new. */
  store: 5,
  /** Stopped by SIGINT. */
  interrupted: 130,
} as const;

const EXIT_OF_ERROR: Readonly<Record<ErrorCode, number>> = {
  INVALID_DOCUMENT: EXIT.badInput,
  EMPTY_TEXT: EXIT.badInput,
  MALFORMED_TEXT: EXIT.badInput,
  TEXT_TOO_LARGE: EXIT.badInput,
  INVALID_MENTION: EXIT.badInput,
  UNKNOWN_MENTION_TYPE: EXIT.badInput,
  DUPLICATE_EXTERNAL_ID: EXIT.badInput,
  INVALID_ARGUMENT: EXIT.usage,
  INVALID_FILE: EXIT.badInput,
  NOT_FOUND: EXIT.badInput,
  CONFLICT: EXIT.badInput,
  QUEUE_FULL: EXIT.store,
  QUEUE_UNAVAILABLE: EXIT.store,
  MODEL_MISSING: EXIT.modelOrMemory,
  MODEL_CORRUPT: EXIT.modelOrMemory,
  MEMORY_MISSING: EXIT.modelOrMemory,
  MEMORY_CORRUPT: EXIT.modelOrMemory,
  MEMORY_MODEL_MISMATCH: EXIT.modelOrMemory,
  STORE_UNAVAILABLE: EXIT.store,
  SCHEMA_TOO_NEW: EXIT.store,
  SCHEMA_EDITED: EXIT.store,
  SCHEMA_FOREIGN: EXIT.store,
  INTERNAL: EXIT.unforeseen,
};

export function exitCodeOf(error: unknown): number {
  return error instanceof NeighborKbError ? EXIT_OF_ERROR[error.code] : EXIT.unforeseen;
}

/** Shown under every command's help. */
export const EXIT_CODES_HELP = `
Exit codes:
  0    done
  1    something nobody foresaw
  2    an option or argument is wrong
  3    a document, a line or a file was refused (the good ones were done)
  4    a model or a memory is missing or corrupt
  5    the store cannot be used
  130  stopped by Ctrl-C`;
