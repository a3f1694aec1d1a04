import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from '../decorators.js';
import { NeighborKbError } from '../../domain/errors.js';
import type { Predicate } from '../../domain/predicates.js';
import type { Memory } from '../../memory/ports.js';
import { listConnection, PageArguments, pageRequest, type ConnectionSource } from '../connections.js';
import type { ApiContext } from '../context.js';
import { memoryEntryFilter } from '../filters.js';
import { costOfList, LIMITS } from '../limits.js';
import { entryNodeId, memoryNodeId, type EntryInMemory } from '../node-ids.js';
import { similarEntries } from '../similar-entries.js';
import type { ApiServices } from '../services.js';
import { viewSpan } from '../spans.js';
import {
  LabelCountType,
  MarkedPairInput,
  MemoryEntryConnection,
  MemoryEntryFilterInput,
  MemoryEntryType,
  MemoryType,
  TypedSpanType,
} from '../types/memory.js';
import { PredicateType } from '../types/predicate.js';
import { UnitArguments } from '../types/span.js';
import { predicateOfLabel } from './predicate.js';

const page = costOfList(LIMITS.defaultPageSize);

@Resolver(() => MemoryType)
export class MemoryResolver {
  @Query(() => [MemoryType], { description: 'The memories that are open, by name.' })
  memories(@Ctx() { services }: ApiContext): readonly Memory[] {
    return services.memories.all();
  }

  @Query(() => MemoryEntryConnection, {
    description: `Labelled examples of one memory, in its order, or the ${LIMITS.similarEntries} most similar to a pair, nearest first.`,
    complexity: page,
  })
  memoryEntries(
    @Args(() => PageArguments) args: PageArguments,
    @Arg('memory', () => String, {
      nullable: true,
      description:
        "`name` of an open memory, or `name@1.0.0` for any version on disk; the first of the server's profile if not given.",
    })
    name: string | null,
    @Arg('filter', () => MemoryEntryFilterInput, { nullable: true, description: 'Which entries.' })
    filter: MemoryEntryFilterInput | null,
    @Arg('similarTo', () => MarkedPairInput, {
      nullable: true,
      description: 'Only the nearest to this pair by its relation representation; the memory must be open.',
    })
    similarTo: MarkedPairInput | null,
    @Ctx() { services }: ApiContext,
  ): ConnectionSource<EntryInMemory> {
    const conditions = memoryEntryFilter(filter);
    return listConnection(pageRequest(args), entryNodeId, async () => {
      const memory = await memoryNamed(services, name);
      if (similarTo) return similarEntries(services.encoder, memory, similarTo, conditions);
      return memory.filter(conditions).map((entry) => ({ memory, entry, squaredDistance: null }));
    });
  }

  @FieldResolver(() => ID, { description: 'Stable as long as the memory keeps its name.' })
  id(@Root() memory: Memory): string {
    return memoryNodeId(memory);
  }

  @FieldResolver(() => String, { description: 'What it holds, for people.' })
  description(@Root() { manifest }: Memory): string {
    return manifest.description;
  }

  @FieldResolver(() => String, { description: 'Licence of its entries.' })
  license(@Root() { manifest }: Memory): string {
    return manifest.license;
  }

  @FieldResolver(() => [String], { description: 'Where its entries come from.' })
  sources(@Root() { manifest }: Memory): readonly string[] {
    return manifest.sources;
  }

  @FieldResolver(() => String, { description: 'Relation encoder that made its keys: `name@version`.' })
  model(@Root() { manifest }: Memory): string {
    return manifest.model;
  }

  @FieldResolver(() => Boolean, {
    description: 'Whether representations are scaled to length 1 before distances.',
  })
  normalised(@Root() { manifest }: Memory): boolean {
    return manifest.normalised;
  }

  @FieldResolver(() => [LabelCountType], { description: 'Number of entries of each label, largest first.' })
  countsByLabel(@Root() { manifest }: Memory): { label: string; count: number }[] {
    return Object.entries(manifest.countsByLabel)
      .map(([label, count]) => ({ label, count }))
      .sort((a, b) => b.count - a.count || (a.label < b.label ? -1 : 1));
  }
}

@Resolver(() => MemoryEntryType)
export class MemoryEntryResolver {
  @FieldResolver(() => ID, { description: 'The same example has the same id in every build of its memory.' })
  id(@Root() entry: EntryInMemory): string {
    return entryNodeId(entry);
  }

  @FieldResolver(() => MemoryType, { description: 'The memory that it lies in.' })
  memory(@Root() { memory }: EntryInMemory): Memory {
    return memory;
  }

  @FieldResolver(() => String, { description: 'The labelled sentence.' })
  text(@Root() { entry }: EntryInMemory): string {
    return entry.text;
  }

  @FieldResolver(() => String, { description: 'What it votes for: a predicate id or NIL.' })
  label(@Root() { entry }: EntryInMemory): string {
    return entry.label;
  }

  @FieldResolver(() => PredicateType, {
    nullable: true,
    description: 'The predicate of the label; null for NIL.',
  })
  predicate(@Root() { entry }: EntryInMemory, @Ctx() { services }: ApiContext): Predicate | null {
    return predicateOfLabel(services.schema, entry.label);
  }

  @FieldResolver(() => String, {
    description: 'Where it comes from: a line of a source, a data set, a curator.',
  })
  origin(@Root() { entry }: EntryInMemory): string {
    return entry.origin;
  }

  @FieldResolver(() => TypedSpanType, { description: 'The subject of the pair in `text`.' })
  subject(
    @Root() { entry }: EntryInMemory,
    @Args(() => UnitArguments) { unit }: UnitArguments,
  ): TypedSpanType {
    return { type: entry.subject.type, span: viewSpan(entry.text, entry.subject, unit) };
  }

  @FieldResolver(() => TypedSpanType, { description: 'The object of the pair in `text`.' })
  object(
    @Root() { entry }: EntryInMemory,
    @Args(() => UnitArguments) { unit }: UnitArguments,
  ): TypedSpanType {
    return { type: entry.object.type, span: viewSpan(entry.text, entry.object, unit) };
  }
}

/** @throws NeighborKbError NOT_FOUND naming `memory` */
async function memoryNamed(
  { memories, profile, library }: ApiServices,
  name: string | null | undefined,
): Promise<Memory> {
  const wanted = name ?? profile.memories[0]?.memory ?? memories.all()[0]?.name;
  if (wanted === undefined) throw new NeighborKbError('NOT_FOUND', 'no memory is open', ['memory']);
  return memories.byName(wanted) ?? readVersion(library, wanted);
}

/** A version that is not open. @throws NeighborKbError NOT_FOUND naming `memory`; MEMORY_CORRUPT */
async function readVersion(library: ApiServices['library'], memory: string): Promise<Memory> {
  try {
    return await library.read(memory);
  } catch (cause) {
    if (!(cause instanceof NeighborKbError) || cause.code === 'MEMORY_CORRUPT') throw cause;
    throw new NeighborKbError(
      'NOT_FOUND',
      `no memory named ${JSON.stringify(memory)} is open or on disk`,
      ['memory'],
      { cause },
    );
  }
}
