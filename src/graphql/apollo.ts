import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import type { GraphQLSchema } from 'graphql';
import type { Server as HttpServer } from 'node:http';
import type { ApiContext } from './context.js';
import { errorFormatter } from './errors.js';
import { LIMITS } from './limits.js';
import { costError, refusal, shapeRules } from './operation-limits.js';
import type { ApiServices } from './services.js';

/** The GraphQL server, started, for queries and mutations over HTTP. */
export async function startApollo(
  schema: GraphQLSchema,
  services: Pick<ApiServices, 'logger' | 'folders'>,
  httpServer: HttpServer,
): Promise<ApolloServer<ApiContext>> {
  const apollo = new ApolloServer<ApiContext>({
    schema,
    introspection: true,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    parseOptions: { maxTokens: LIMITS.tokens },
    validationRules: [...shapeRules],
    formatError: errorFormatter(services),
    logger: services.logger,
    // The process's signals are the command line's to handle.
    stopOnTerminationSignals: false,
    plugins: [
      subscriptionsElsewhere(),
      costLimit(schema),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginDrainHttpServer({ httpServer, stopGracePeriodMillis: 5_000 }),
    ],
  });
  await apollo.start();
  return apollo;
}

function subscriptionsElsewhere(): ApolloServerPlugin<ApiContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ operation }) {
          if (operation?.operation === 'subscription')
            throw refusal(
              'Subscriptions run over a WebSocket at this path (protocol graphql-transport-ws); send queries and mutations here.',
            );
        },
      };
    },
  };
}

function costLimit(schema: GraphQLSchema): ApolloServerPlugin<ApiContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ document, operation, request }) {
          if (!operation) return;
          const error = costError({ schema, document, operation, variables: request.variables ?? {} });
          if (error) throw error;
        },
      };
    },
  };
}
