/**
 * Every error that a client can act on, listed once. A code never changes its meaning.
 * GraphQL maps them in `graphql/errors.ts`, the CLI maps them to exit codes in `cli/exit-codes.ts`.
 */
export const ERROR_CODES = {
  /** A field of a document is malformed (type, length, structure). */
  INVALID_DOCUMENT: 'INVALID_DOCUMENT',
  /** The text is empty or holds only white space. */
  EMPTY_TEXT: 'EMPTY_TEXT',
  /** The text holds a NUL, a lone surrogate or is binary. */
  MALFORMED_TEXT: 'MALFORMED_TEXT',
  /** The text is longer than the configured limit. */
  TEXT_TOO_LARGE: 'TEXT_TOO_LARGE',
  /** A given mention is out of range, empty, duplicated or overlaps another. */
  INVALID_MENTION: 'INVALID_MENTION',
  /** A given mention's type is not one of the schema's mention types. */
  UNKNOWN_MENTION_TYPE: 'UNKNOWN_MENTION_TYPE',
  /** Two documents of one call have the same externalId. */
  DUPLICATE_EXTERNAL_ID: 'DUPLICATE_EXTERNAL_ID',
  /** An argument is outside what the schema or the help text states. */
  INVALID_ARGUMENT: 'INVALID_ARGUMENT',
  /** A file's content is not in the format that its reader expects. */
  INVALID_FILE: 'INVALID_FILE',
  NOT_FOUND: 'NOT_FOUND',
  /** The state changed since the client read it. */
  CONFLICT: 'CONFLICT',
  /** The job queue holds as many items as it may. */
  QUEUE_FULL: 'QUEUE_FULL',
  /** The job queue's server (Redis) cannot be reached, or would not keep what it accepts. */
  QUEUE_UNAVAILABLE: 'QUEUE_UNAVAILABLE',
  MODEL_MISSING: 'MODEL_MISSING',
  /** A model package's file differs from the hash in its card, or its card is malformed. */
  MODEL_CORRUPT: 'MODEL_CORRUPT',
  MEMORY_MISSING: 'MEMORY_MISSING',
  /** A memory package's file differs from the hash in its manifest, or its manifest is malformed. */
  MEMORY_CORRUPT: 'MEMORY_CORRUPT',
  /** A memory was built with another relation encoder than the one that serves queries. */
  MEMORY_MODEL_MISMATCH: 'MEMORY_MODEL_MISMATCH',
  /** The store cannot be reached or refuses to work. */
  STORE_UNAVAILABLE: 'STORE_UNAVAILABLE',
  /** The store was written by a newer version of NeighborKB. */
  SCHEMA_TOO_NEW: 'SCHEMA_TOO_NEW',
  /** A migration differs from the one of its number that was applied to the store. */
  SCHEMA_EDITED: 'SCHEMA_EDITED',
  /** The database holds what another program, or another part of NeighborKB, keeps there. */
  SCHEMA_FOREIGN: 'SCHEMA_FOREIGN',
  /** Something nobody foresaw; details are logged, not shown. */
  INTERNAL: 'INTERNAL',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** Where in the input an error sits: `['documents', 3, 'mentions', 0, 'type']`. */
export type FieldPath = readonly (string | number)[];

/** An error that was foreseen: it names the field and what was expected there. */
export class NeighborKbError extends Error {
  override readonly name = 'NeighborKbError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly path: FieldPath = [],
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** The same error seen from a caller whose input held this one's at `prefix`. */
  under(...prefix: (string | number)[]): NeighborKbError {
    return this.at(...prefix, ...this.path);
  }

  /** The same error seen from a caller whose input has at `path` what is at fault. */
  at(...path: (string | number)[]): NeighborKbError {
    return new NeighborKbError(this.code, this.message, path, { cause: this.cause });
  }

  /**
   * The same error for clients, who are not told how this machine's folders are called: files in one of `folders` are
   * named from there on.
   * @param folders absolute paths, each with its separator at the end; inner ones before those that hold them
   */
  outside(folders: readonly string[]): NeighborKbError {
    const short = (text: string): string =>
      folders.reduce((left, folder) => left.replaceAll(folder, ''), text);
    const message = short(this.message);
    const path = this.path.map((part) => (typeof part === 'string' ? short(part) : part));
    if (message === this.message && path.every((part, place) => part === this.path[place])) return this;
    return new NeighborKbError(this.code, message, path, { cause: this });
  }
}

/** What `work` gives. What it is refused for stands at `path` of the caller's input: a name of a thing, for instance. */
export function atField<Result>(path: FieldPath, work: Promise<Result>): Promise<Result> {
  return work.catch((error: unknown) => {
    throw error instanceof NeighborKbError ? error.at(...path) : error;
  });
}

/** What `work` gives. What it is refused for is told as to clients: see `NeighborKbError.outside`. */
export function forOutside<Result>(folders: readonly string[], work: Promise<Result>): Promise<Result> {
  return work.catch((error: unknown) => {
    throw error instanceof NeighborKbError ? error.outside(folders) : error;
  });
}
