import { Arg, Args, Ctx, FieldResolver, Int, Query, Resolver, Root } from '../decorators.js';
import type { EntityId } from '../../domain/identity.js';
import type { Entity } from '../../domain/model.js';
import type {
  Path,
  Paths,
  PatternEnd,
  PatternMatch,
  PatternMatches,
  TriplePattern,
} from '../../store/graph-queries.js';
import type { ApiContext } from '../context.js';
import { invalidArgument } from '../errors.js';
import { given, tripleFilter } from '../filters.js';
import { costOfList, LIMITS } from '../limits.js';
import { required } from '../loaders.js';
import { EntityObjectType } from '../types/entity.js';
import {
  PathArguments,
  PathType,
  PatternBindingType,
  PatternMatchesType,
  PatternMatchType,
  ShortestPathsType,
  TriplePatternInput,
  type PatternEndInput,
} from '../types/graph-queries.js';

/** Entities or triples of one path or match, for the cost of operations. */
const PARTS = LIMITS.patternTriples;

@Resolver(() => PathType)
export class PathResolver {
  @Query(() => ShortestPathsType, {
    nullable: true,
    description: 'The shortest ways from one entity to another; null if one of them is not there.',
    complexity: ({ args, childComplexity }) => 1 + Number(args['maxPaths'] ?? 1) * PARTS * childComplexity,
  })
  shortestPaths(
    @Args(() => PathArguments) { from, to, maxLength, maxPaths, filter }: PathArguments,
    @Ctx() { services }: ApiContext,
  ): Promise<Paths | null> {
    return services.store.queries.shortestPaths({
      ...{ from: from as EntityId, to: to as EntityId, maxLength, maxPaths },
      ...(filter && { filter: tripleFilter(filter) }),
    });
  }

  @FieldResolver(() => Int, { description: 'Number of its triples.' })
  length(@Root() { triples }: Path): number {
    return triples.length;
  }

  @FieldResolver(() => [EntityObjectType], {
    description: 'The entities on the way, both ends among them: one more than there are triples.',
  })
  entities(@Root() { entityIds }: Path, @Ctx() { loaders }: ApiContext): Promise<Entity[]> {
    return Promise.all(entityIds.map((id) => required(loaders.entity, id)));
  }
}

@Resolver(() => PatternMatchType)
export class PatternResolver {
  @Query(() => PatternMatchesType, {
    description: 'Ways to fill a pattern of triples, so that all of them are in the graph.',
    complexity: ({ args, childComplexity }) =>
      costOfList(LIMITS.defaultPageSize)({ args, childComplexity: PARTS * childComplexity }),
  })
  matchTriples(
    @Arg('patterns', () => [TriplePatternInput], {
      description: `1 to ${LIMITS.patternTriples} triples that hang together by variables or entities.`,
    })
    patterns: TriplePatternInput[],
    @Arg('first', () => Int, {
      defaultValue: LIMITS.defaultPageSize,
      description: `How many ways to return, 1 to ${LIMITS.matches}.`,
    })
    first: number,
    @Ctx() { services }: ApiContext,
  ): Promise<PatternMatches> {
    return services.store.queries.matchTriples({ patterns: patterns.map(triplePattern), first });
  }

  @FieldResolver(() => [PatternBindingType], {
    description: 'What each variable stands for, in the order in which the pattern names them.',
  })
  bindings(
    @Root() { bindings }: PatternMatch,
    @Ctx() { loaders }: ApiContext,
  ): { variable: string; entity: () => Promise<Entity> }[] {
    return bindings.map(({ variable, entityId }) => ({
      variable,
      entity: () => required(loaders.entity, entityId),
    }));
  }
}

function triplePattern(
  { subject, predicates, object, filter }: TriplePatternInput,
  index: number,
): TriplePattern {
  if (predicates && predicates.length > LIMITS.setSize)
    throw invalidArgument(
      `predicates has ${predicates.length} values; at most ${LIMITS.setSize}`,
      ...['patterns', index, 'predicates'],
    );
  return {
    subject: patternEnd(subject, index, 'subject'),
    object: patternEnd(object, index, 'object'),
    ...given({ predicates, filter: filter ? tripleFilter(filter) : undefined }),
  };
}

function patternEnd({ entityId, variable }: PatternEndInput, index: number, field: string): PatternEnd {
  const known = entityId ?? null;
  const named = variable ?? null;
  if (known !== null && named === null) return { entityId: known as EntityId };
  if (named !== null && known === null) return { variable: named };
  throw invalidArgument('expected either entityId or variable', 'patterns', index, field);
}
