import { Arg, Args, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from '../decorators.js';
import type { EntityId } from '../../domain/identity.js';
import type { Entity, Mention } from '../../domain/model.js';
import type { EntityQuery, Neighbourhood } from '../../store/graph-store.js';
import { PageArguments, pageRequest, storedConnection, type ConnectionSource } from '../connections.js';
import type { ApiContext } from '../context.js';
import { invalidArgument } from '../errors.js';
import { entityFilter, tripleFilter } from '../filters.js';
import { costOfList, LIMITS } from '../limits.js';
import { MentionObjectType } from '../types/document.js';
import {
  EntityConnection,
  EntityFilterInput,
  EntityObjectType,
  NeighbourhoodArguments,
} from '../types/entity.js';
import { EntityOrderEnum } from '../types/enums/entities.js';
import { NeighbourhoodType, TripleConnection, TriplesOfEntityArguments } from '../types/triple.js';
import { ownedTriples, tripleQuery, type TripleConnectionSource } from './triple-connection.js';

const page = costOfList(LIMITS.defaultPageSize);
const innerPage = costOfList(LIMITS.defaultInnerPageSize);

@Resolver(() => EntityObjectType)
export class EntityResolver {
  @Query(() => EntityConnection, { description: 'The entities that documents mention.', complexity: page })
  entities(
    @Args(() => PageArguments) args: PageArguments,
    @Arg('filter', () => EntityFilterInput, { nullable: true, description: 'Which entities.' })
    filter: EntityFilterInput | null,
    @Arg('order', () => EntityOrderEnum, { defaultValue: 'mentions', description: 'In which order.' })
    order: NonNullable<EntityQuery['order']>,
    @Ctx() { services }: ApiContext,
  ): ConnectionSource<Entity> {
    const query = { ...pageRequest(args), filter: entityFilter(filter), order };
    return storedConnection(query.after, () => services.store.entities(query));
  }

  @Query(() => EntityObjectType, { nullable: true, description: 'The entity with this id.' })
  entity(
    @Arg('id', () => ID, { description: 'Its id.' }) id: EntityId,
    @Ctx() { loaders }: ApiContext,
  ): Promise<Entity | null> {
    return loaders.entity.load(id);
  }

  @FieldResolver(() => [String], { description: 'Other names that mentions use, most frequent first.' })
  aliases(@Root() { id }: Entity, @Ctx() { loaders }: ApiContext): Promise<string[]> {
    return loaders.aliasesOfEntity.load(id);
  }

  @FieldResolver(() => TripleConnection, {
    description: 'Triples that it is the subject of.',
    complexity: innerPage,
  })
  triplesOut(
    @Root() { id }: Entity,
    @Args(() => TriplesOfEntityArguments) { filter, order, ...page }: TriplesOfEntityArguments,
    @Ctx() context: ApiContext,
  ): TripleConnectionSource {
    return ownedTriples(context, 'subject', id, tripleQuery(page, tripleFilter(filter), order));
  }

  @FieldResolver(() => TripleConnection, {
    description: 'Triples that it is the object of.',
    complexity: innerPage,
  })
  triplesIn(
    @Root() { id }: Entity,
    @Args(() => TriplesOfEntityArguments) { filter, order, ...page }: TriplesOfEntityArguments,
    @Ctx() context: ApiContext,
  ): TripleConnectionSource {
    return ownedTriples(context, 'object', id, tripleQuery(page, tripleFilter(filter), order));
  }

  @FieldResolver(() => [MentionObjectType], {
    description: 'Mentions of it, by document and position.',
    complexity: innerPage,
  })
  mentions(
    @Root() { id }: Entity,
    @Arg('first', () => Int, {
      defaultValue: LIMITS.defaultInnerPageSize,
      description: `How many to return, 1 to ${LIMITS.pageSize}.`,
    })
    first: number,
    @Ctx() { loaders }: ApiContext,
  ): Promise<Mention[]> {
    const { first: limit } = pageRequest({ first });
    return loaders.mentionsOfEntity.load({ id, limit });
  }

  @FieldResolver(() => NeighbourhoodType, {
    description: 'The triples around it.',
    complexity: costOfList(100),
  })
  async neighbourhood(
    @Root() { id }: Entity,
    @Args(() => NeighbourhoodArguments) { depth, limit }: NeighbourhoodArguments,
    @Ctx() { services }: ApiContext,
  ): Promise<Neighbourhood> {
    requireRange('depth', depth, LIMITS.neighbourhoodDepth);
    requireRange('limit', limit, LIMITS.neighbourhoodTriples);
    const found = await services.store.neighbourhood(id, depth, limit);
    return found ?? { entities: [], triples: [], truncated: false };
  }
}

function requireRange(name: string, value: number, most: number): void {
  if (!(value >= 1 && value <= most))
    throw invalidArgument(`${name} is ${value}; it must be 1 to ${most}`, name);
}
