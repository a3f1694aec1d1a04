import { Arg, Ctx, ID, Query, Resolver } from '../decorators.js';
import type { ApiContext } from '../context.js';
import { findEntry, findMemory } from '../node-ids.js';
import { NodeType } from '../types/node.js';

/** Finds an object by the prefix of its id. The ids are those of the store: the brand is the prefix. */
const FINDERS: readonly (readonly [RegExp, (context: ApiContext, id: never) => unknown])[] = [
  [/^doc_/, ({ loaders }, id) => loaders.document.load(id)],
  [/^sen_/, ({ loaders }, id) => loaders.sentence.load(id)],
  [/^men_/, ({ loaders }, id) => loaders.mention.load(id)],
  [/^mer_/, async ({ services }, id) => (await services.store.identity.mergesById([id]))[0] ?? null],
  [/^ent_/, ({ loaders }, id) => loaders.entity.load(id)],
  [/^tri_/, ({ loaders }, id) => loaders.triple.load(id)],
  [/^pre_/, async ({ loaders }, id) => (await loaders.evidence.load(id)) ?? loaders.prediction.load(id)],
  [/^memory:/, ({ services }, id) => findMemory(services, id)],
  [/^entry:/, ({ services }, id) => findEntry(services, id)],
  [/^[A-Z][\w-]*$/, ({ services }, id) => services.schema.get(id) ?? null],
  [/^/, ({ services }, id) => services.jobs.job(id)],
];

@Resolver()
export class NodeResolver {
  @Query(() => NodeType, { nullable: true, description: 'Whatever has this id; null if nothing has.' })
  node(
    @Arg('id', () => ID, { description: 'An id that the API gave.' }) id: string,
    @Ctx() context: ApiContext,
  ): unknown {
    const [, find] = FINDERS.find(([pattern]) => pattern.test(id)) ?? [];
    return find?.(context, id as never) ?? null;
  }
}
