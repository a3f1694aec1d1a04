import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from '../decorators.js';
import type { EntityId, MergeId } from '../../domain/identity.js';
import type { Entity } from '../../domain/model.js';
import type { Distinction, EntityReference, Merge } from '../../domain/redirects.js';
import { MAX_BY_LENGTH, MAX_NOTE_LENGTH } from '../../identity/identity-service.js';
import { PageArguments, pageRequest, storedConnection, type ConnectionSource } from '../connections.js';
import type { ApiContext } from '../context.js';
import { mergeFilter } from '../filters.js';
import { orProblem } from '../foreseen.js';
import { costOfList, LIMITS } from '../limits.js';
import { EntityObjectType } from '../types/entity.js';
import {
  KeepApartResult,
  MergeResult,
  WithdrawDistinctionResult,
  type KeepApartResultSource,
  type MergeResultSource,
  type WithdrawDistinctionResultSource,
} from '../types/identity-results.js';
import {
  DistinctionConnection,
  MergeConnection,
  MergeFilterInput,
  MergeType,
  RecordedEntityType,
} from '../types/identity.js';
import { problem } from '../types/problems.js';

const page = costOfList(LIMITS.defaultPageSize);
const BY = { description: `Who says so, at most ${MAX_BY_LENGTH} characters.` };
const NOTE = { nullable: true, description: `Why, at most ${MAX_NOTE_LENGTH} characters.` };
const FORESEEN = ['NOT_FOUND', 'CONFLICT', 'INVALID_ARGUMENT'] as const;

/** What became of a recorded entity. */
@Resolver(() => RecordedEntityType)
export class RecordedEntityResolver {
  @FieldResolver(() => EntityObjectType, {
    nullable: true,
    description: 'What it stands for now; null where no document speaks of it.',
  })
  entity(@Root() { id }: EntityReference, @Ctx() { loaders }: ApiContext): Promise<Entity | null> {
    return loaders.entity.load(id);
  }
}

@Resolver(() => MergeType)
export class MergeResolver {
  @Query(() => MergeConnection, { description: 'The merges, latest first.', complexity: page })
  merges(
    @Args(() => PageArguments) args: PageArguments,
    @Arg('filter', () => MergeFilterInput, { nullable: true, description: 'Which merges.' })
    filter: MergeFilterInput | null,
    @Ctx() { services }: ApiContext,
  ): ConnectionSource<Merge> {
    const query = { ...pageRequest(args), filter: mergeFilter(filter) };
    return storedConnection(query.after, () => services.store.identity.merges(query));
  }

  @Query(() => DistinctionConnection, {
    description: 'The pairs that curators keep apart, latest first.',
    complexity: page,
  })
  distinctions(
    @Args(() => PageArguments) args: PageArguments,
    @Ctx() { services }: ApiContext,
  ): ConnectionSource<Distinction> {
    const query = pageRequest(args);
    return storedConnection(query.after, () => services.store.identity.distinctions(query));
  }

  @Mutation(() => MergeResult, {
    description:
      'Makes two entities one: mentions, evidence and triples of the first go over to the second, its id still works. A triple between the two goes. Everything comes back by `unmergeEntities`.',
  })
  mergeEntities(
    @Arg('from', () => ID, { description: 'The entity that goes.' }) from: EntityId,
    @Arg('into', () => ID, { description: 'The entity to keep.' }) into: EntityId,
    @Arg('by', () => String, BY) by: string,
    @Arg('note', () => String, NOTE) note: string | null,
    @Ctx() { services }: ApiContext,
  ): Promise<MergeResultSource> {
    return orProblem(() => services.identity.merge(from, into, { by, note }), FORESEEN);
  }

  @Mutation(() => MergeResult, {
    description: 'Takes a merge back: the graph is as if it had never been made. Its record stays.',
  })
  unmergeEntities(
    @Arg('id', () => ID, { description: 'Id of the merge.' }) id: MergeId,
    @Arg('by', () => String, BY) by: string,
    @Ctx() { services }: ApiContext,
  ): Promise<MergeResultSource> {
    return orProblem(() => services.identity.unmerge(id, { by }), FORESEEN);
  }

  @Mutation(() => KeepApartResult, {
    description: 'Records that two entities are not one: suggestions of duplicates leave the pair out.',
  })
  keepEntitiesApart(
    @Arg('a', () => ID, { description: 'One of them.' }) a: EntityId,
    @Arg('b', () => ID, { description: 'The other one.' }) b: EntityId,
    @Arg('by', () => String, BY) by: string,
    @Arg('note', () => String, NOTE) note: string | null,
    @Ctx() { services }: ApiContext,
  ): Promise<KeepApartResultSource> {
    return orProblem(() => services.identity.keepApart(a, b, { by, note }), FORESEEN);
  }

  @Mutation(() => WithdrawDistinctionResult, { description: 'Takes back that two entities are not one.' })
  async withdrawDistinction(
    @Arg('a', () => ID, { description: 'One of them, as it was recorded.' }) a: EntityId,
    @Arg('b', () => ID, { description: 'The other one, as it was recorded.' }) b: EntityId,
    @Ctx() { services }: ApiContext,
  ): Promise<WithdrawDistinctionResultSource> {
    if (await services.identity.withdrawApart(a, b)) return { entityIds: [a, b] };
    return problem('NotFound', { code: 'NOT_FOUND', message: 'nothing is recorded of the two', path: ['a'] });
  }
}
