import { Ctx, FieldResolver, Int, Query, Resolver, Root } from '../decorators.js';
import type { ScoringProfile } from '../../domain/profile.js';
import type { Memory } from '../../memory/ports.js';
import type { StoreCounts, StoreHealth } from '../../store/graph-store.js';
import type { ApiContext } from '../context.js';
import { LIMITS } from '../limits.js';
import type { ApiServices, ModelSummary } from '../services.js';
import { MemoryType } from '../types/memory.js';
import { ScoringProfileType } from '../types/profile.js';
import {
  ModelInfoType,
  ServerLimitsType,
  ServerType,
  StoreCountsType,
  StoreInfoType,
} from '../types/server.js';

@Resolver(() => ServerType)
export class ServerResolver {
  @Query(() => ServerType, { description: 'Versions, health and limits of this server.' })
  server(@Ctx() { services }: ApiContext): ApiServices {
    return services;
  }

  @FieldResolver(() => Int, { description: 'Whole seconds since it started.' })
  uptimeSeconds(@Root() { startedAt }: ApiServices): number {
    return Math.floor((Date.now() - startedAt.getTime()) / 1_000);
  }

  @FieldResolver(() => StoreInfoType, { description: 'The store; an error if it does not answer.' })
  store(@Root() { store }: ApiServices): Promise<StoreHealth> {
    return store.health();
  }

  @FieldResolver(() => StoreCountsType, { description: 'How much the store holds.' })
  counts(@Root() { store }: ApiServices): Promise<StoreCounts> {
    return store.counts();
  }

  @FieldResolver(() => [ModelInfoType], { description: 'The models that it runs.' })
  models(@Root() { models }: ApiServices): readonly ModelSummary[] {
    return models;
  }

  @FieldResolver(() => [MemoryType], { description: 'The memories that are open, by name.' })
  memories(@Root() { memories }: ApiServices): readonly Memory[] {
    return memories.all();
  }

  @FieldResolver(() => ScoringProfileType, { description: 'The profile under which documents are ingested.' })
  profile(@Root() { profile }: ApiServices): ScoringProfile {
    return profile;
  }

  @FieldResolver(() => ServerLimitsType, { description: 'The limits of this server.' })
  limits(@Root() { limits }: ApiServices): ServerLimitsType {
    return { ...limits, maxPageSize: LIMITS.pageSize, maxDepth: LIMITS.depth, maxCost: LIMITS.cost };
  }
}
