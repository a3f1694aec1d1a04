import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { randomUUID } from 'node:crypto';
import { NeighborKbError, type FieldPath } from '../domain/errors.js';
import { causeOf } from './located-errors.js';
import type { ApiServices } from './services.js';

/** Codes of GraphQL itself, as Apollo gives them: the client's operation is at fault, nothing is hidden. */
const OPERATION_CODES: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'BAD_REQUEST',
]);

/** An argument outside what the schema states. `path` starts at the field's arguments. */
export function invalidArgument(message: string, ...path: (string | number)[]): NeighborKbError {
  return new NeighborKbError('INVALID_ARGUMENT', message, path);
}

/**
 * The one place where errors meet GraphQL. Foreseen errors carry their code and the path of the input field
 * in `extensions`, and name files without the server's folders; errors of the machine are logged under an id and shown as
 * that id alone.
 */
export function errorFormatter({ logger, folders }: Pick<ApiServices, 'logger' | 'folders'>) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const original = causeOf(error);
    const { message, locations, path } = formatted;
    const place = { ...(locations && { locations }), ...(path && { path }) };
    if (original instanceof NeighborKbError && original.code !== 'INTERNAL') {
      const shown = original.outside(folders);
      return { message: shown.message, ...place, extensions: { code: shown.code, path: shown.path } };
    }

    const code = formatted.extensions?.['code'];
    if (code === 'BAD_USER_INPUT' || isArgumentError(original))
      return {
        message,
        ...place,
        extensions: { code: 'INVALID_ARGUMENT', path: pathInMessage(message) },
      };
    if (OPERATION_CODES.has(code)) return { message, ...place, extensions: { code } };

    const errorId = randomUUID();
    logger.error({ err: original, errorId, path }, 'unforeseen error in an operation');
    return {
      message: `Something went wrong; the log has it under ${errorId}.`,
      ...place,
      extensions: { code: 'INTERNAL', path: [], errorId },
    };
  };
}

/** For transports that hand over errors as graphql-js makes them. */
export function formatGraphQLErrors(
  errors: readonly GraphQLError[],
  format: ReturnType<typeof errorFormatter>,
): GraphQLFormattedError[] {
  return errors.map((error) => {
    // graphql-js gives no codes: an error without a cause is its own, of validation or of input.
    const code = error.originalError ? undefined : (error.extensions['code'] ?? 'GRAPHQL_VALIDATION_FAILED');
    const formatted = error.toJSON();
    return format(code === undefined ? formatted : { ...formatted, extensions: { code } }, error);
  });
}

/** graphql-js checks a field's arguments while it executes: such an error is a bare GraphQLError. */
function isArgumentError(error: unknown): boolean {
  return (
    error instanceof GraphQLError && error.originalError === undefined && /^Argument "/.test(error.message)
  );
}

/** graphql-js names the place of a bad variable in its message alone: `at "documents[0].mentions[0].type"`. */
function pathInMessage(message: string): FieldPath {
  const place = /got invalid value .* at "([^"]+)"/s.exec(message)?.[1] ?? /"\$(\w+)"/.exec(message)?.[1];
  if (place === undefined) return [];
  return place
    .split(/[.[\]]+/)
    .filter((part) => part !== '')
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}
