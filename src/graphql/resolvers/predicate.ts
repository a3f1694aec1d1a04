import { Ctx, Query, Resolver } from '../decorators.js';
import { NIL, type Predicate, type PredicateSchema } from '../../domain/predicates.js';
import type { ApiContext } from '../context.js';
import { costOfList, LIMITS } from '../limits.js';
import { PredicateType } from '../types/predicate.js';

@Resolver(() => PredicateType)
export class PredicateResolver {
  @Query(() => [PredicateType], {
    description: 'The closed set of predicates that are extracted.',
    complexity: costOfList(LIMITS.defaultPageSize),
  })
  predicates(@Ctx() { services }: ApiContext): readonly Predicate[] {
    return services.schema.predicates;
  }
}

/** The predicate of a stored triple, also if the schema that made it knew more than today's. */
export function predicateShown(schema: PredicateSchema, id: string): Predicate {
  return (
    schema.get(id) ?? {
      id,
      name: id,
      description: 'Not in the schema of predicates that this server runs with.',
      covers: [id],
      inverses: [],
      subjectTypes: [],
      objectTypes: [],
      symmetric: false,
    }
  );
}

/** The predicate of a label; null for NIL. */
export function predicateOfLabel(schema: PredicateSchema, label: string): Predicate | null {
  return label === NIL ? null : predicateShown(schema, label);
}
