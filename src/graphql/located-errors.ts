import {
  defaultFieldResolver,
  GraphQLError,
  isObjectType,
  type GraphQLFieldResolver,
  type GraphQLSchema,
} from 'graphql';
import { NeighborKbError } from '../domain/errors.js';

/**
 * Makes graphql-js say where in the answer a foreseen error happened. It takes any error with a `path` for
 * one that has its place already, and our errors have one: the path of the input field. So resolvers throw them
 * wrapped. Fields that only read a property cannot throw and stay as fast as they are.
 */
export function locateErrors(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      // Pages are read when a connection's property is: these can throw.
      const resolve = field.resolve ?? (type.name.endsWith('Connection') ? defaultFieldResolver : undefined);
      if (resolve) field.resolve = wrapping(resolve);
      if (field.subscribe) field.subscribe = wrapping(field.subscribe);
    }
  }
  return schema;
}

/** What was thrown in the first place. */
export function causeOf(error: unknown): unknown {
  let cause = error;
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return cause;
}

type Resolver = GraphQLFieldResolver<unknown, unknown>;

function wrapping(resolve: Resolver): Resolver {
  return (source, args, context, info) => {
    try {
      const value = resolve(source, args, context, info);
      return value instanceof Promise ? value.catch(rethrow) : value;
    } catch (error) {
      return rethrow(error);
    }
  };
}

function rethrow(error: unknown): never {
  if (error instanceof NeighborKbError) throw new GraphQLError(error.message, { originalError: error });
  throw error;
}
