import { Arg, Ctx, FieldResolver, Int, Query, Resolver, Root } from '../decorators.js';
import { atField } from '../../domain/errors.js';
import type { MemoryEntry, MemoryManifest } from '../../memory/ports.js';
import { formatReference } from '../../memory/reference.js';
import { largestFirst } from '../../memory/statistics.js';
import type { ApiContext } from '../context.js';
import { invalidArgument } from '../errors.js';
import { costOfList, LIMITS } from '../limits.js';
import {
  MemoryComparisonType,
  MemoryIndexType,
  MemoryProjectionType,
  MemoryStatisticsType,
  MemoryVersionType,
  type MemoryEntryChangeType,
} from '../types/memory-library.js';

const REFERENCE = '`name` for the newest version, or `name@1.0.0`.';

@Resolver(() => MemoryVersionType)
export class MemoryLibraryResolver {
  @Query(() => [MemoryVersionType], {
    description:
      'Versions of memories on disk, by name, oldest first. A version is served once a server that starts opens it.',
    complexity: costOfList(LIMITS.defaultPageSize),
  })
  async memoryVersions(
    @Arg('name', () => String, { nullable: true, description: 'Name of one memory; all if not given.' })
    name: string | null,
    @Ctx() { services: { library } }: ApiContext,
  ): Promise<MemoryVersionType[]> {
    const names = name === null || name === undefined ? await library.names() : [name];
    const versions = await atField(['name'], Promise.all(names.map((one) => library.versions(one))));
    return versions.flat().map(({ manifest }) => versionOf(manifest));
  }

  @Query(() => MemoryStatisticsType, {
    description: 'Entries of a memory by label, origin and types.',
    complexity: costOfList(LIMITS.defaultPageSize),
  })
  async memoryStatistics(
    @Arg('memory', () => String, { description: REFERENCE }) memory: string,
    @Ctx() { services: { library } }: ApiContext,
  ): Promise<MemoryStatisticsType> {
    const { manifest, ...statistics } = await atField(['memory'], library.statistics(memory));
    return { version: versionOf(manifest), ...statistics };
  }

  @Query(() => MemoryComparisonType, {
    description: 'What differs between two memories or versions.',
    complexity: costOfList(LIMITS.defaultPageSize),
  })
  async compareMemories(
    @Arg('before', () => String, { description: REFERENCE }) before: string,
    @Arg('after', () => String, { description: REFERENCE }) after: string,
    @Arg('limit', () => Int, {
      defaultValue: LIMITS.defaultInnerPageSize,
      description: `Entries listed of each kind, 0 to ${LIMITS.pageSize}.`,
    })
    limit: number,
    @Ctx() { services: { library } }: ApiContext,
  ): Promise<MemoryComparisonType> {
    if (limit < 0 || limit > LIMITS.pageSize)
      throw invalidArgument(`limit is ${limit}; it must be from 0 to ${LIMITS.pageSize}`, 'limit');
    const { shared, added, removed, relabelled, differences, ...ends } = await library.compare(before, after);
    return {
      before: versionOf(ends.before),
      after: versionOf(ends.after),
      differences,
      shared,
      addedCount: added.length,
      removedCount: removed.length,
      relabelledCount: relabelled.length,
      added: added.slice(0, limit).map((entry) => changeOf(entry)),
      removed: removed.slice(0, limit).map((entry) => changeOf(entry)),
      relabelled: relabelled.slice(0, limit).map((pair) => changeOf(pair.before, pair.after.label)),
    };
  }

  @Query(() => MemoryProjectionType, {
    description:
      'A memory in the plane, for plotting. Of a memory with more entries than `limit` every n-th is taken.',
    complexity: ({ args, childComplexity }) => 1 + Number(args['limit']) + childComplexity,
  })
  async memoryProjection(
    @Arg('memory', () => String, { description: REFERENCE }) memory: string,
    @Arg('limit', () => Int, {
      defaultValue: 2_000,
      description: `Most points, 1 to ${LIMITS.projectedEntries}.`,
    })
    limit: number,
    @Ctx() { services: { library } }: ApiContext,
  ): Promise<MemoryProjectionType> {
    if (limit < 1 || limit > LIMITS.projectedEntries)
      throw invalidArgument(`limit is ${limit}; it must be from 1 to ${LIMITS.projectedEntries}`, 'limit');
    const { entries, points, explained } = await atField(['memory'], library.project(memory, limit));
    return {
      entries,
      points: points.map(({ entry, x, y }) => ({ entryId: entry.id, label: entry.label, x, y })),
      explainedByX: explained[0],
      explainedByY: explained[1],
    };
  }

  @FieldResolver(() => MemoryIndexType, {
    nullable: true,
    description: 'Its approximate search index; null where it has none.',
  })
  index(
    @Root() { reference }: MemoryVersionType,
    @Ctx() { services: { library } }: ApiContext,
  ): Promise<MemoryIndexType | null> {
    return library.index(reference);
  }
}

function versionOf(manifest: MemoryManifest): MemoryVersionType {
  const { name, version, entries, description, license, model, normalised, keyType, sources } = manifest;
  const counts = largestFirst(new Map(Object.entries(manifest.countsByLabel)));
  return {
    reference: formatReference(name, version),
    name,
    version,
    entries,
    description,
    license,
    model,
    normalised,
    keyType,
    sources,
    builtBy: manifest.built?.by ?? 'sentences',
    countsByLabel: counts.map(({ key, entries: count }) => ({ label: key, count })),
  };
}

function changeOf({ id, text, label }: MemoryEntry, newLabel: string | null = null): MemoryEntryChangeType {
  return { entryId: id, text, label, newLabel };
}
