import { Args, Ctx, FieldResolver, Query, Resolver, Root } from '../decorators.js';
import type { DocumentId, EntityId, TripleId } from '../../domain/identity.js';
import type { Change, ChangePage } from '../../store/graph-queries.js';
import type { ApiContext } from '../context.js';
import { given } from '../filters.js';
import { costOfList, LIMITS } from '../limits.js';
import { ChangeArguments, ChangeObjectType, ChangesType } from '../types/changes.js';
import { NodeType } from '../types/node.js';

@Resolver(() => ChangeObjectType)
export class ChangeResolver {
  @Query(() => ChangesType, {
    description: 'What was created, changed and removed since a cursor.',
    complexity: costOfList(LIMITS.defaultCounts),
  })
  changes(
    @Args(() => ChangeArguments) { since, first, kinds }: ChangeArguments,
    @Ctx() { services }: ApiContext,
  ): Promise<ChangePage> {
    return services.store.queries.changes({ first, ...given({ after: since, kinds }) });
  }

  @FieldResolver(() => NodeType, { nullable: true, description: 'It as it is now; null if it is gone.' })
  node(@Root() { kind, id }: Change, @Ctx() { loaders }: ApiContext): Promise<object | null> {
    switch (kind) {
      case 'document':
        return loaders.document.load(id as DocumentId);
      case 'entity':
        return loaders.entity.load(id as EntityId);
      case 'triple':
        return loaders.triple.load(id as TripleId);
    }
  }
}
