import { Neo4jError } from 'neo4j-driver';
import { NeighborKbError } from '../../domain/errors.js';

/** Where a connection leads, for messages. */
export interface Neo4jTarget {
  readonly url: string;
  readonly user: string;
  /** '' for the server's default database. */
  readonly database: string;
}

/** What a code of the server means for whoever runs NeighborKB. The first that fits counts. */
const MEANINGS: readonly (readonly [RegExp, (target: Neo4jTarget) => string])[] = [
  [
    /Security\.(Unauthorized|CredentialsExpired|TokenExpired)/,
    ({ user }) =>
      `refuses the user ${user}: check NEIGHBORKB_NEO4J_USER and NEIGHBORKB_NEO4J_PASSWORD (a new server may ask for a first change of the password)`,
  ],
  [
    /Security\.AuthenticationRateLimit/,
    ({ user }) => `refuses the user ${user} for a while after too many wrong passwords: wait, then try again`,
  ],
  [
    /Database\.(DatabaseNotFound|IllegalAliasChain)/,
    ({ database }) => `has no database ${database}: check NEIGHBORKB_NEO4J_DATABASE`,
  ],
  [
    /ForbiddenOnReadOnlyDatabase|WriteOnReadOnlyAccessDatabase|AccessMode|NotALeader/,
    () => 'allows reading only: give NeighborKB a database that it may write to',
  ],
  [
    /Security\.Forbidden/,
    ({ user }) => `does not let the user ${user} do this: it needs to read, write, and change the schema`,
  ],
  [/OutOfMemory|OutOfDiskSpace|TransactionMemoryLimit/, () => 'has not enough memory or disk for this'],
  [
    /ServiceUnavailable|SessionExpired|DatabaseUnavailable/i,
    () => 'cannot be reached: is it running, and is the address right?',
  ],
  [/TransientError/, () => 'could not do this now, also when it was tried again'],
];

/** Codes of mistakes in our own statements, or of a broken promise between them. */
const OURS = /ClientError\.(Statement|Schema|Procedure|Request)/;

/**
 * A failure of the driver or the server in NeighborKB's words: STORE_UNAVAILABLE with what to do about it, or
 * INTERNAL where our own statement was wrong. Other errors stay as they are.
 */
export function translate(error: unknown, target: Neo4jTarget): unknown {
  if (!(error instanceof Neo4jError)) return error;
  const meaning = MEANINGS.find(([codes]) => codes.test(error.code))?.[1](target);
  const where = `Neo4j at ${target.url}`;
  if (meaning === undefined && OURS.test(error.code))
    return new NeighborKbError('INTERNAL', `${where}: ${error.message} (${error.code})`, [], {
      cause: error,
    });
  const what = meaning ?? 'refuses to work';
  return new NeighborKbError('STORE_UNAVAILABLE', `${where} ${what} (${error.code}: ${error.message})`, [], {
    cause: error,
  });
}

/**
 * Whether a transaction failed because another one created or deleted what it was about to use: run again, it sees
 * the other's work. The driver does not retry these codes by itself.
 */
export function isOutdated(error: unknown): boolean {
  return (
    error instanceof Neo4jError &&
    (error.code === 'Neo.ClientError.Statement.EntityNotFound' ||
      error.code === 'Neo.ClientError.Schema.ConstraintValidationFailed' ||
      error.code === 'Neo.ClientError.Schema.EquivalentSchemaRuleAlreadyExists')
  );
}

/** Raised by our own work where it finds its ground moved; treated as `isOutdated`. */
export function outdated(what: string): Neo4jError {
  return new Neo4jError(what, 'Neo.ClientError.Statement.EntityNotFound', '50N42', what);
}
