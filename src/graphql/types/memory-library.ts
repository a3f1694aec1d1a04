import { Field, Float, ID, Int, ObjectType } from '../decorators.js';
import { LabelCountType } from './memory.js';

@ObjectType('MemoryVersion', {
  simpleResolvers: true,
  description: 'A version of a memory on disk: a package that never changes. It need not be open.',
})
export class MemoryVersionType {
  @Field(() => String, { description: '`name@version`: what a scoring profile writes to pin it.' })
  reference!: string;

  @Field(() => String, { description: 'Name of the memory.' })
  name!: string;

  @Field(() => String, { description: 'Three numbers; the first grows where distances mean something else.' })
  version!: string;

  @Field(() => Int, { description: 'Number of entries.' })
  entries!: number;

  @Field(() => String, { description: 'What it holds, for people.' })
  description!: string;

  @Field(() => String, { description: 'Licence of its entries.' })
  license!: string;

  @Field(() => String, { description: 'Relation encoder that made its keys: `name@version`.' })
  model!: string;

  @Field(() => Boolean, {
    description: 'Whether representations are scaled to length 1 before distances are taken.',
  })
  normalised!: boolean;

  @Field(() => String, { description: 'How keys are kept: int8, float16 or float32.' })
  keyType!: string;

  @Field(() => [String], { description: 'Files or memories that it was built from.' })
  sources!: readonly string[];

  @Field(() => String, {
    description: 'How it was built: sentences, labelled-data, distant-supervision, import or derivation.',
  })
  builtBy!: string;

  @Field(() => [LabelCountType], { description: 'Number of entries by label, most first.' })
  countsByLabel!: LabelCountType[];
}

@ObjectType('MemoryIndex', {
  simpleResolvers: true,
  description:
    'An approximate search index of a large memory, kept in its package. A server that starts takes it where its search mode says so.',
})
export class MemoryIndexType {
  @Field(() => String, { description: 'How it keeps its vectors: ivf-flat, ivf-sq8 or ivf-pq.' })
  kind!: string;

  @Field(() => Int, { description: 'Lists of the inverted file.' })
  lists!: number;

  @Field(() => Int, { description: 'Lists that a search looks into.' })
  probes!: number;

  @Field(() => Float, {
    description: 'Share of the 32 nearest that a search finds, 0 to 1, as measured when it was built.',
  })
  recall!: number;

  @Field(() => Int, { description: 'Entries for which that was measured.' })
  measuredOn!: number;
}

@ObjectType('EntryShare', {
  simpleResolvers: true,
  description: 'How many entries have something in common.',
})
export class EntryShareType {
  @Field(() => String, {
    description: 'What they have in common: a label, an origin without its line, or types.',
  })
  key!: string;

  @Field(() => Int, { description: 'Number of entries.' })
  entries!: number;
}

@ObjectType('MemoryStatistics', { simpleResolvers: true, description: 'What a memory is made of.' })
export class MemoryStatisticsType {
  @Field(() => MemoryVersionType, { description: 'The version that was counted.' })
  version!: MemoryVersionType;

  @Field(() => Int, { description: 'Texts that differ.' })
  texts!: number;

  @Field(() => [EntryShareType], { description: 'By label, most first.' })
  byLabel!: readonly EntryShareType[];

  @Field(() => [EntryShareType], { description: 'By file or data set that they come from, most first.' })
  byOrigin!: readonly EntryShareType[];

  @Field(() => [EntryShareType], {
    description: 'By types of subject and object, such as PER>LOC, most first.',
  })
  byTypes!: readonly EntryShareType[];
}

@ObjectType('MemoryEntryChange', {
  simpleResolvers: true,
  description: 'An entry that one of two compared memories has and the other has not, or has otherwise.',
})
export class MemoryEntryChangeType {
  @Field(() => ID, { description: 'Id of the entry in its memory.' })
  entryId!: string;

  @Field(() => String, { description: 'Its sentence.' })
  text!: string;

  @Field(() => String, { description: 'What it is labelled, or was.' })
  label!: string;

  @Field(() => String, {
    nullable: true,
    description: 'What it is labelled after; null unless that differs.',
  })
  newLabel!: string | null;
}

@ObjectType('MemoryComparison', {
  simpleResolvers: true,
  description: 'What differs between two memories or versions.',
})
export class MemoryComparisonType {
  @Field(() => MemoryVersionType, { description: 'The first.' })
  before!: MemoryVersionType;

  @Field(() => MemoryVersionType, { description: 'The second.' })
  after!: MemoryVersionType;

  @Field(() => [String], {
    description: 'modelHash, representationSize, normalised or keyType, where they differ.',
  })
  differences!: readonly string[];

  @Field(() => Int, { description: 'Entries that both have.' })
  shared!: number;

  @Field(() => Int, { description: 'Entries that the second alone has.' })
  addedCount!: number;

  @Field(() => Int, { description: 'Entries that the first alone has.' })
  removedCount!: number;

  @Field(() => Int, { description: 'Pairs that both have, with different labels.' })
  relabelledCount!: number;

  @Field(() => [MemoryEntryChangeType], { description: 'The first `limit` of the added ones.' })
  added!: MemoryEntryChangeType[];

  @Field(() => [MemoryEntryChangeType], { description: 'The first `limit` of the removed ones.' })
  removed!: MemoryEntryChangeType[];

  @Field(() => [MemoryEntryChangeType], { description: 'The first `limit` of the relabelled ones.' })
  relabelled!: MemoryEntryChangeType[];
}

@ObjectType('ProjectedEntry', { simpleResolvers: true, description: 'An entry in the plane.' })
export class ProjectedEntryType {
  @Field(() => ID, { description: 'Id of the entry in its memory.' })
  entryId!: string;

  @Field(() => String, { description: 'Predicate id or NIL.' })
  label!: string;

  @Field(() => Float, { description: 'Along the direction of the largest variance.' })
  x!: number;

  @Field(() => Float, { description: 'Along the direction of the largest variance at right angles to it.' })
  y!: number;
}

@ObjectType('MemoryProjection', {
  simpleResolvers: true,
  description: 'A memory in the plane in which its representations differ most (principal components).',
})
export class MemoryProjectionType {
  @Field(() => Int, { description: 'Entries of the memory; the points may be a sample of them.' })
  entries!: number;

  @Field(() => [ProjectedEntryType], { description: 'The points, in the order of the entries.' })
  points!: ProjectedEntryType[];

  @Field(() => Float, { description: 'Share of the variance along x, from 0 to 1.' })
  explainedByX!: number;

  @Field(() => Float, { description: 'Share of the variance along y, from 0 to 1.' })
  explainedByY!: number;
}
