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

/**
 * Why no connection came about, where the driver or the network says so. It says so in words alone, and where it asks a
 * routing server first, in the cause of its error. The first that fits counts.
 */
const NO_CONNECTION: readonly (readonly [RegExp, string])[] = [
  [
    /not trusted.*ALTNAME_INVALID/s,
    'shows a certificate for another name: use the name that the certificate was made for',
  ],
  [
    /certificate is not trusted/,
    'shows a certificate that nobody here vouches for: name the PEM file of the authority that signed it in ' +
      'NEIGHBORKB_NEO4J_CA, or use a URL with +ssc to trust any certificate',
  ],
  [
    /before secure TLS connection|wrong version number|packet length too long/,
    'does not speak TLS at this address: use neo4j:// or bolt://, or have the server encrypt',
  ],
  [
    /Connection was closed by server/,
    'ended the connection: is it going down, or does it ask for TLS (a URL with neo4j+s:// or bolt+s://)?',
  ],
];

/** Codes of mistakes in our own statements, or of a broken promise between them. */
const OURS = /ClientError\.(Statement|Schema|Procedure|Request)/;

/**
 * A failure of the driver or the server in NeighborKB's words: STORE_UNAVAILABLE with what to do about it, or
 * INTERNAL where our own statement was wrong. Other errors stay as they are.
 */
export function translate(error: unknown, target: Neo4jTarget): unknown {
  if (!(error instanceof Neo4jError)) return error;
  const meaning = whyNotConnected(error) ?? MEANINGS.find(([codes]) => codes.test(error.code))?.[1](target);
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

function whyNotConnected(error: Neo4jError): string | undefined {
  if (!/ServiceUnavailable|SessionExpired/.test(error.code)) return undefined;
  const messages: string[] = [];
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) messages.push(cause.message);
  return NO_CONNECTION.find(([pattern]) => pattern.test(messages.join('\n')))?.[1];
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
