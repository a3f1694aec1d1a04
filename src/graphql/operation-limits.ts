import { ApolloArmor } from '@escape.tech/graphql-armor';
import {
  getVariableValues,
  GraphQLError,
  type DocumentNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import { fieldExtensionsEstimator, getComplexity, simpleEstimator } from 'graphql-query-complexity';
import { LIMITS } from './limits.js';

/** A refusal is reported like any other validation error, which answers HTTP 400; armor's own way is 500. */
const onReject = [
  (context: ValidationContext | null, error: GraphQLError): void => {
    context?.reportError(error);
  },
];
const reported = { onReject, propagateOnRejection: false };

/** Validation rules for the shape of an operation: depth, aliases, directives. */
export const shapeRules: readonly ValidationRule[] = new ApolloArmor({
  maxDepth: { enabled: true, n: LIMITS.depth, flattenFragments: true, ...reported },
  maxAliases: { enabled: true, n: LIMITS.aliases, ...reported },
  maxDirectives: { enabled: true, n: LIMITS.directives, ...reported },
  // Our own: tokens are limited by graphql-js's parser, cost by `costError`, which knows the variables, and
  // suggestions hide nothing, since introspection is open.
  maxTokens: { enabled: false },
  costLimit: { enabled: false },
  blockFieldSuggestion: { enabled: false },
}).protect().validationRules;

interface Operation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * Why an operation may not run: it could return more fields than `LIMITS.cost`, its variables counted in.
 * Null if it may. Variables that do not fit their types are left to execution, which names them.
 */
export function costError({ schema, document, operation, variables }: Operation): GraphQLError | null {
  const coerced = getVariableValues(schema, operation.variableDefinitions ?? [], { ...variables });
  if (coerced.errors) return null;
  let cost: number;
  try {
    cost = getComplexity({
      schema,
      query: { ...document, definitions: document.definitions.filter(isFragmentOr(operation)) },
      variables: { ...variables },
      estimators: [fieldExtensionsEstimator(), simpleEstimator({ defaultComplexity: 1 })],
    });
  } catch (error) {
    // Fragments within fragments without end in sight: as good as too much.
    if (error instanceof GraphQLError) return refusal(error.message);
    throw error;
  }
  if (cost <= LIMITS.cost) return null;
  return refusal(
    `The operation could return ${cost} fields; at most ${LIMITS.cost} are allowed: ask for smaller pages.`,
  );
}

/** An operation that is not run: HTTP 400. */
export function refusal(message: string): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } },
  });
}

function isFragmentOr(operation: OperationDefinitionNode) {
  return (definition: DocumentNode['definitions'][number]): boolean =>
    definition === operation || definition.kind === 'FragmentDefinition';
}
