import {
  getOperationAST,
  GraphQLError,
  parse,
  specifiedRules,
  validate,
  type ExecutionArgs,
  type FormattedExecutionResult,
  type GraphQLSchema,
} from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { createContext } from './context.js';
import { errorFormatter, formatGraphQLErrors } from './errors.js';
import { LIMITS } from './limits.js';
import { costError, shapeRules } from './operation-limits.js';
import type { ApiServices } from './services.js';

/** A subscription is a short text: whoever sends more is not subscribing. */
const MAX_MESSAGE_BYTES = 256 * 1024;

/**
 * Serves subscriptions over WebSockets (protocol graphql-transport-ws) at a path of the HTTP server, under
 * the same limits as operations over HTTP.
 */
export function serveSubscriptions(
  schema: GraphQLSchema,
  services: ApiServices,
  server: HttpServer,
  path: string,
): { close(): Promise<void> } {
  const sockets = new WebSocketServer({
    server,
    path,
    maxPayload: MAX_MESSAGE_BYTES,
    verifyClient: ({ req }: { req: IncomingMessage }) => isSameOrigin(req),
  });
  const format = errorFormatter(services);
  const served = useServer(
    {
      onSubscribe: ({ subscriptions }, _id, payload) =>
        Object.keys(subscriptions).length > LIMITS.subscriptionsPerSocket
          ? [
              new GraphQLError(
                `At most ${LIMITS.subscriptionsPerSocket} subscriptions run on one connection.`,
              ),
            ]
          : prepare(schema, services, payload),
      onNext: (_ctx, _id, _payload, _args, result) =>
        result.errors
          ? ({ ...result, errors: formatGraphQLErrors(result.errors, format) } as FormattedExecutionResult)
          : undefined,
      onError: (_ctx, _id, _payload, errors) => formatGraphQLErrors(errors, format),
      isProd: true,
    },
    sockets,
  );
  sockets.on('error', (error) => services.logger.error({ err: error }, 'WebSocket server'));
  return { close: async () => served.dispose() };
}

function prepare(
  schema: GraphQLSchema,
  services: ApiServices,
  { query, operationName, variables }: SubscribePayload,
): ExecutionArgs | readonly GraphQLError[] {
  try {
    const document = parse(query, { maxTokens: LIMITS.tokens });
    const errors = validate(schema, document, [...specifiedRules, ...shapeRules]);
    if (errors.length > 0) return errors;
    const operation = getOperationAST(document, operationName);
    if (operation?.operation !== 'subscription')
      return [new GraphQLError('Only subscriptions run here; send queries and mutations over HTTP.')];
    const tooMuch = costError({ schema, document, operation, variables: variables ?? {} });
    if (tooMuch) return [tooMuch];
    return {
      schema,
      document,
      contextValue: createContext(services),
      ...(operationName && { operationName }),
      ...(variables && { variableValues: variables }),
    };
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}

/** Browsers let any page open a socket to any server and say whose page it was; other clients send no origin. */
function isSameOrigin({ headers }: IncomingMessage): boolean {
  if (headers.origin === undefined) return true;
  return URL.canParse(headers.origin) && new URL(headers.origin).host === headers.host;
}
