import type { ClassType } from '../decorators.js';
import { createUnionType, Field, Int, ObjectType } from '../decorators.js';
import type { DictionaryImportResult, TaskResults } from '../../jobs/task-results.js';
import type { Job } from '../../jobs/job-queue.js';
import type { JobKind, JsonObject } from '../../jobs/tasks.js';
import { IdentityChangesType } from './identity.js';
import {
  auditedMemory,
  builtMemory,
  derivedMemory,
  madeMemory,
  MemoryAuditedType,
  MemoryBuiltType,
  MemoryDerivedType,
  MemoryExportedType,
  MemoryImportedType,
  MemoryIndexedType,
} from './memory-results.js';
import { ProfileEvaluatedType, ProfileTunedType } from './profile-results.js';
import { figuresOf, leavesOf, TaskFigureType } from './task-figures.js';

@ObjectType('DictionaryFileImported', {
  simpleResolvers: true,
  description: 'A dictionary that was read from a file and is in force now.',
})
export class DictionaryFileImportedType {
  @Field(() => String, { description: 'What it is called.' })
  dictionary!: string;

  @Field(() => Int, { description: 'Number of its entries.' })
  entities!: number;

  @Field(() => Int, { description: 'Number of different names.' })
  names!: number;

  @Field(() => Int, { description: 'Names that another known entity has, too: they link to none.' })
  ambiguousNames!: number;

  @Field(() => IdentityChangesType, { description: 'What it did to the graph.' })
  changes!: IdentityChangesType;
}

@ObjectType('StoreMigrated', {
  simpleResolvers: true,
  description: 'The knowledge base lies in a second store, too, and the two were compared.',
})
export class StoreMigratedType {
  @Field(() => String, { description: 'The store that was copied, without its password.' })
  from!: string;

  @Field(() => String, { description: 'The store that holds the copy, without its password.' })
  to!: string;

  @Field(() => Int, { description: 'Documents that are the same in both: all.' })
  documents!: number;

  @Field(() => Boolean, { description: 'Whether it went on from where an earlier run had stopped.' })
  resumed!: boolean;
}

@ObjectType('TaskText', {
  simpleResolvers: true,
  description: 'A name, or a path of a file, that a task made.',
})
export class TaskTextType {
  @Field(() => String, { description: 'What it is, such as `memory` or `files.0`.' })
  name!: string;

  @Field(() => String, { description: 'The name or path.' })
  value!: string;
}

@ObjectType('TaskOutcome', {
  simpleResolvers: true,
  description: 'What a task of a kind without a result type of its own found and made.',
})
export class TaskOutcomeType {
  @Field(() => [TaskFigureType], { description: 'Its numbers.' })
  figures!: TaskFigureType[];

  @Field(() => [TaskTextType], { description: 'Its names and files.' })
  texts!: TaskTextType[];
}

/** How a kind's result is shown: its type, and what that type's fields are read from. */
interface Shown<Result extends JsonObject> {
  readonly type: ClassType;
  readonly of: (result: Result) => object;
}

/** Kinds with a result type of their own; the others are shown as `TaskOutcome`. */
const SHOWN: { readonly [Kind in keyof TaskResults]?: Shown<TaskResults[Kind]> } = {
  'memory-build': { type: MemoryBuiltType, of: builtMemory },
  'memory-audit': { type: MemoryAuditedType, of: auditedMemory },
  'memory-import': { type: MemoryImportedType, of: madeMemory },
  'memory-export': { type: MemoryExportedType, of: asItIs },
  'memory-derive': { type: MemoryDerivedType, of: derivedMemory },
  'memory-index': { type: MemoryIndexedType, of: asItIs },
  tune: { type: ProfileTunedType, of: asItIs },
  evaluate: { type: ProfileEvaluatedType, of: asItIs },
  'dictionary-import': { type: DictionaryFileImportedType, of: importedDictionary },
  'store-migration': { type: StoreMigratedType, of: asItIs },
};

/** A result with the kind of its job, which says what type it has. */
export interface JobResultSource {
  readonly jobKind: JobKind;
}

export const JobResult = createUnionType({
  name: 'JobResult',
  description: 'What a completed task gave, by the kind of the task.',
  types: () => [TaskOutcomeType, ...Object.values(SHOWN).map(({ type }) => type)] as readonly ClassType[],
  resolveType: (value: object) =>
    shownOf((value as JobResultSource).jobKind)?.type ?? (TaskOutcomeType as ClassType),
});

export function jobResult({ kind, result }: Job): JobResultSource | null {
  if (result === null) return null;
  return { ...(shownOf(kind)?.of ?? outcomeOf)(result), jobKind: kind };
}

function shownOf(kind: JobKind): Shown<JsonObject> | undefined {
  // A job's result is what the handler of its kind gave: no type can say so for a job of any kind.
  return kind === 'ingest' ? undefined : (SHOWN[kind] as Shown<JsonObject> | undefined);
}

function asItIs(result: JsonObject): object {
  return result;
}

function importedDictionary({
  mentions,
  evidence,
  ...rest
}: DictionaryImportResult): DictionaryFileImportedType {
  return { ...rest, changes: { mentions, evidence } };
}

function outcomeOf(result: JsonObject): TaskOutcomeType {
  const texts = [...leavesOf(result)].flatMap(({ name, value }) =>
    typeof value === 'string' ? [{ name, value }] : [],
  );
  return { figures: figuresOf(result), texts };
}
