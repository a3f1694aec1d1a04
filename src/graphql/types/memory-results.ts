import { Field, Float, Int, InterfaceType, ObjectType } from '../decorators.js';
import type {
  DistantBuildResult,
  LabelledBuildResult,
  MadeMemory,
  MemoryAuditResult,
  MemoryDeriveResult,
  NoiseResult,
} from '../../jobs/task-results.js';
import { LabelCountType } from './memory.js';
import { MemoryIndexType } from './memory-library.js';
import { figuresOf, TaskFigureType } from './task-figures.js';

@InterfaceType('MadeMemory', { description: 'A version of a memory that a task made.' })
export abstract class MadeMemoryType {
  @Field(() => String, { description: 'The version: `name@1.0.0`.' })
  memory!: string;

  @Field(() => Int, { description: 'Number of its entries.' })
  entries!: number;

  @Field(() => [LabelCountType], { description: 'Number of its entries by label, most first.' })
  countsByLabel!: LabelCountType[];
}

@ObjectType('LabelNoise', {
  simpleResolvers: true,
  description: 'How many entries of a label a trusted memory would call something else.',
})
export class LabelNoiseType {
  @Field(() => String, { description: 'Predicate id.' })
  label!: string;

  @Field(() => Int, { description: 'Entries whose label the trusted memory has.' })
  judged!: number;

  @Field(() => Int, { description: 'Those of them whose neighbours there have another label.' })
  disagreeing!: number;
}

@ObjectType('MemoryNoise', {
  simpleResolvers: true,
  description: 'How far entries are from what a trusted memory would call them; partly its own error.',
})
export class MemoryNoiseType {
  @Field(() => String, { description: 'The trusted memory.' })
  memory!: string;

  @Field(() => Int, { description: 'Neighbours that were asked.' })
  k!: number;

  @Field(() => Float, { description: 'Share of all judged entries that disagree, 0 to 1.' })
  share!: number;

  @Field(() => [LabelNoiseType], { description: 'By label.' })
  byLabel!: LabelNoiseType[];
}

@ObjectType('MemoryBuilt', {
  simpleResolvers: true,
  implements: MadeMemoryType,
  description: 'A version of a memory that was built from labelled data, or from facts and text.',
})
export class MemoryBuiltType {
  @Field(() => [TaskFigureType], {
    description:
      'What became of texts, relations and pairs, such as `nilPairs`; `matches.P19` are pairs with a fact.',
  })
  counts!: TaskFigureType[];

  @Field(() => Int, {
    nullable: true,
    description: 'Facts that were looked for; null if it is from labelled data.',
  })
  facts!: number | null;

  @Field(() => [TaskFigureType], {
    description:
      'Facts that were passed over, by the name of their predicate, which the schema does not know.',
  })
  skippedPredicates!: TaskFigureType[];

  @Field(() => MemoryNoiseType, { nullable: true, description: 'Null where no memory was trusted.' })
  noise!: MemoryNoiseType | null;
}

@ObjectType('MemoryImported', {
  simpleResolvers: true,
  implements: MadeMemoryType,
  description: 'A version of a memory that was made from exported entries.',
})
export class MemoryImportedType {}

@ObjectType('MemoryDerived', {
  simpleResolvers: true,
  implements: MadeMemoryType,
  description: 'A version of a memory that was made out of others.',
})
export class MemoryDerivedType {
  @Field(() => Int, { description: 'Entries that were taken as they are.' })
  kept!: number;

  @Field(() => Int, { description: 'Entries that got another label.' })
  relabelled!: number;

  @Field(() => Int, { description: 'Entries that were left out.' })
  dropped!: number;

  @Field(() => Int, { description: 'Examples that were there already.' })
  repeated!: number;
}

@ObjectType('FindingCount', { simpleResolvers: true, description: 'How many findings of a kind there are.' })
export class FindingCountType {
  @Field(() => String, { description: 'duplicate, conflict, contradicted, hub or uncovered.' })
  kind!: string;

  @Field(() => Int, { description: 'Number of findings.' })
  count!: number;
}

@ObjectType('MemoryAudited', {
  simpleResolvers: true,
  description: 'What an audit found; nothing was changed.',
})
export class MemoryAuditedType {
  @Field(() => String, { description: 'The version that was looked at: `name@1.0.0`.' })
  memory!: string;

  @Field(() => Int, { description: 'Number of its entries.' })
  entries!: number;

  @Field(() => [FindingCountType], { description: 'Findings by kind.' })
  findings!: FindingCountType[];

  @Field(() => [String], { description: "Files with the findings, in the server's exchange folder." })
  files!: readonly string[];
}

@ObjectType('MemoryIndexed', {
  simpleResolvers: true,
  description: 'A memory whose search index was built, or taken away.',
})
export class MemoryIndexedType {
  @Field(() => String, { description: 'The version: `name@1.0.0`. It stays the same version.' })
  memory!: string;

  @Field(() => Int, { description: 'Number of its entries.' })
  entries!: number;

  @Field(() => MemoryIndexType, { nullable: true, description: 'The index; null where it was taken away.' })
  index!: MemoryIndexType | null;
}

@ObjectType('MemoryExported', { simpleResolvers: true, description: 'Entries that were written.' })
export class MemoryExportedType {
  @Field(() => String, { description: 'The version: `name@1.0.0`.' })
  memory!: string;

  @Field(() => Int, { description: 'Number of entries written.' })
  entries!: number;

  @Field(() => [String], { description: "Files with the entries, in the server's exchange folder." })
  files!: readonly string[];
}

export function madeMemory({ memory, entries, countsByLabel }: MadeMemory): MadeMemoryType {
  return { memory, entries, countsByLabel: labelCounts(countsByLabel) };
}

export function builtMemory(
  result: LabelledBuildResult | DistantBuildResult,
): MemoryBuiltType & MadeMemoryType {
  const distant = 'facts' in result ? result : null;
  return {
    ...madeMemory(result),
    counts: figuresOf(result.counts),
    facts: distant?.facts ?? null,
    skippedPredicates: figuresOf(distant?.skippedPredicates ?? {}),
    noise: distant?.noise ? noiseOf(distant.noise) : null,
  };
}

export function derivedMemory(result: MemoryDeriveResult): MemoryDerivedType & MadeMemoryType {
  return { ...madeMemory(result), ...result.counts };
}

export function auditedMemory({ findings, ...rest }: MemoryAuditResult): MemoryAuditedType {
  return { ...rest, findings: Object.entries(findings).map(([kind, count]) => ({ kind, count })) };
}

function noiseOf({ byLabel, ...rest }: NoiseResult): MemoryNoiseType {
  return { ...rest, byLabel: Object.entries(byLabel).map(([label, counts]) => ({ label, ...counts })) };
}

function labelCounts(counts: Readonly<Record<string, number>>): LabelCountType[] {
  return Object.entries(counts)
    .map(([label, count]) => ({ label, count }))
    .sort((a, b) => b.count - a.count || (a.label < b.label ? -1 : 1));
}
