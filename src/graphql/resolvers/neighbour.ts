import { Args, Ctx, FieldResolver, Resolver, Root } from '../decorators.js';
import type { Neighbour } from '../../domain/model.js';
import type { Predicate } from '../../domain/predicates.js';
import type { ApiContext } from '../context.js';
import { invalidArgument } from '../errors.js';
import { costOfList, LIMITS } from '../limits.js';
import { entryOf, type EntryInMemory } from '../node-ids.js';
import { viewSpan, type SpanView } from '../spans.js';
import { MemoryEntryType } from '../types/memory.js';
import { PredicateType } from '../types/predicate.js';
import { NeighbourType } from '../types/prediction.js';
import { SpanType, UnitArguments } from '../types/span.js';
import { predicateOfLabel } from './predicate.js';

/** The usual k: what an operation that names no number is taken to return. */
const USUAL_NEIGHBOURS = 16;
export const neighbourCost = costOfList(USUAL_NEIGHBOURS);

/** Options of the argument that cuts a list of voters. */
export const NEIGHBOURS_FIRST = {
  nullable: true,
  description: `Only so many, 1 to ${LIMITS.pageSize}; all if not given.`,
} as const;

export function firstNeighbours(
  all: readonly Neighbour[],
  first: number | null | undefined,
): readonly Neighbour[] {
  if (first === null || first === undefined) return all;
  if (first < 1 || first > LIMITS.pageSize)
    throw invalidArgument(`first is ${first}; it must be 1 to ${LIMITS.pageSize}`, 'first');
  return all.slice(0, first);
}

@Resolver(() => NeighbourType)
export class NeighbourResolver {
  @FieldResolver(() => String, { description: 'Name of the memory that it lies in.' })
  memory(@Root() { memory }: Neighbour): string {
    return memory;
  }

  @FieldResolver(() => MemoryEntryType, {
    nullable: true,
    description: 'The entry itself; null if its memory is not open or no longer has it.',
  })
  entry(@Root() { memory, entry }: Neighbour, @Ctx() { services }: ApiContext): EntryInMemory | null {
    return entryOf(services.memories.byName(memory), entry);
  }

  @FieldResolver(() => PredicateType, {
    nullable: true,
    description: 'The predicate of the label; null for NIL.',
  })
  predicate(@Root() { label }: Neighbour, @Ctx() { services }: ApiContext): Predicate | null {
    return predicateOfLabel(services.schema, label);
  }

  @FieldResolver(() => SpanType, { description: 'Where the subject stands in `text`.' })
  subject(
    @Root() { text, subject }: Neighbour,
    @Args(() => UnitArguments) { unit }: UnitArguments,
  ): SpanView {
    return viewSpan(text, subject, unit);
  }

  @FieldResolver(() => SpanType, { description: 'Where the object stands in `text`.' })
  object(@Root() { text, object }: Neighbour, @Args(() => UnitArguments) { unit }: UnitArguments): SpanView {
    return viewSpan(text, object, unit);
  }
}
