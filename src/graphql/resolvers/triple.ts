import { Arg, Args, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from '../decorators.js';
import type { TripleId } from '../../domain/identity.js';
import type { Entity, Triple } from '../../domain/model.js';
import type { Predicate } from '../../domain/predicates.js';
import type { StoredEvidence, TripleCount, TripleCountField } from '../../store/graph-store.js';
import {
  InnerPageArguments,
  listConnection,
  PageArguments,
  pageRequest,
  type ConnectionSource,
} from '../connections.js';
import type { ApiContext } from '../context.js';
import { tripleFilter } from '../filters.js';
import { costOfList, LIMITS } from '../limits.js';
import { required } from '../loaders.js';
import { EntityObjectType } from '../types/entity.js';
import { TripleCountFieldEnum, TripleOrderEnum, type TripleOrder } from '../types/enums/triples.js';
import { PredicateType } from '../types/predicate.js';
import { EvidenceConnection } from '../types/prediction.js';
import { TripleConnection, TripleCountType, TripleFilterInput, TripleType } from '../types/triple.js';
import { predicateShown } from './predicate.js';
import { tripleConnection, tripleQuery, type TripleConnectionSource } from './triple-connection.js';

@Resolver(() => TripleType)
export class TripleResolver {
  @Query(() => TripleConnection, {
    description: 'The facts that documents support.',
    complexity: costOfList(LIMITS.defaultPageSize),
  })
  triples(
    @Args(() => PageArguments) args: PageArguments,
    @Arg('filter', () => TripleFilterInput, { nullable: true, description: 'Which triples.' })
    filter: TripleFilterInput | null,
    @Arg('order', () => TripleOrderEnum, {
      defaultValue: 'confidenceDescending',
      description: 'In which order.',
    })
    order: TripleOrder,
    @Ctx() context: ApiContext,
  ): TripleConnectionSource {
    return tripleConnection(context, tripleQuery(args, tripleFilter(filter), order));
  }

  @Query(() => TripleType, { nullable: true, description: 'The triple with this id.' })
  triple(
    @Arg('id', () => ID, { description: 'Its id.' }) id: TripleId,
    @Ctx() { loaders }: ApiContext,
  ): Promise<Triple | null> {
    return loaders.triple.load(id);
  }

  @FieldResolver(() => EntityObjectType, { description: 'What the fact is about.' })
  subject(@Root() { subjectId }: Triple, @Ctx() { loaders }: ApiContext): Promise<Entity> {
    return required(loaders.entity, subjectId);
  }

  @FieldResolver(() => PredicateType, { description: 'What it says.' })
  predicate(@Root() { predicate }: Triple, @Ctx() { services }: ApiContext): Predicate {
    return predicateShown(services.schema, predicate);
  }

  @FieldResolver(() => EntityObjectType, { description: 'What it relates the subject to.' })
  object(@Root() { objectId }: Triple, @Ctx() { loaders }: ApiContext): Promise<Entity> {
    return required(loaders.entity, objectId);
  }

  @FieldResolver(() => EvidenceConnection, {
    description: 'What supports it, most confident first.',
    complexity: costOfList(LIMITS.defaultInnerPageSize),
  })
  evidence(
    @Root() { id }: Triple,
    @Args(() => InnerPageArguments) args: InnerPageArguments,
    @Ctx() { loaders }: ApiContext,
  ): ConnectionSource<StoredEvidence> {
    return listConnection(
      pageRequest(args),
      (evidence) => evidence.id,
      () => loaders.evidenceOfTriple.load(id),
    );
  }
}

@Resolver(() => TripleConnection)
export class TripleConnectionResolver {
  @FieldResolver(() => [TripleCountType], {
    description: 'Number of all matching triples by the value of a field, largest first, whatever the page.',
    complexity: costOfList(LIMITS.defaultCounts),
  })
  countsBy(
    @Root() { countsBy }: TripleConnectionSource,
    @Arg('field', () => TripleCountFieldEnum, { description: 'What to count by.' }) field: TripleCountField,
    @Arg('first', () => Int, {
      defaultValue: LIMITS.defaultCounts,
      description: `How many values to return, 1 to ${LIMITS.pageSize}.`,
    })
    first: number,
  ): Promise<TripleCount[]> {
    return countsBy(field, pageRequest({ first }).first);
  }
}
