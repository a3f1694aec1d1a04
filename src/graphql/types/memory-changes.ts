import { Field, Float, InputType, Int } from '../decorators.js';
import { TargetInput } from './memory-builds.js';

@InputType()
abstract class RevisionInput {
  @Field(() => String, { description: 'The version to begin from: `name` for the newest, or `name@1.0.0`.' })
  memory!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Such as 1.0.1; the one after the newest if not given.',
  })
  version?: string | null;
}

@InputType('EntryDecisionInput', { description: 'What is to be done with an entry.' })
export class EntryDecisionInput {
  @Field(() => String, { description: 'Id of the entry in its memory: `mem_...`.' })
  entry!: string;

  @Field(() => String, { nullable: true, description: 'The label that it gets; null drops the entry.' })
  label?: string | null;
}

@InputType('ReviseMemoryInput', {
  description: 'A version of a memory with some entries dropped or relabelled.',
})
export class ReviseMemoryInput extends RevisionInput {
  @Field(() => [EntryDecisionInput], { nullable: true, description: 'Decisions, at most 10000.' })
  decisions?: EntryDecisionInput[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'File of findings with decisions, as an audit writes it.',
  })
  findings?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Kinds of findings whose suggestions are taken: duplicate, conflict, contradicted, hub.',
  })
  accept?: string[] | null;
}

@InputType('DropEntriesInput', {
  description:
    'A version of a memory without the entries that fulfil every condition given; at least one must be.',
})
export class DropEntriesInput extends RevisionInput {
  @Field(() => [String], {
    nullable: true,
    description: 'Ids of the entries in their memory, at most 10000; given alone, each must be there.',
  })
  entries?: string[] | null;

  @Field(() => [String], { nullable: true, description: 'Predicate ids or NIL.' })
  labels?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Where entries come from: a file or data set, or one line of it.',
  })
  origins?: string[] | null;
}

@InputType('MergeMemoriesInput', {
  description: 'A version with the entries of several memories of one encoder, each example once.',
})
export class MergeMemoriesInput extends TargetInput {
  @Field(() => [String], {
    description:
      'At least two: `name` for the newest version, or `name@1.0.0`. The first decides what is not said here.',
  })
  memories!: string[];
}

@InputType('AuditMemoryInput', { description: 'What to look for in a memory.' })
export class AuditMemoryInput {
  @Field(() => String, { description: '`name` for the newest version, or `name@1.0.0`.' })
  memory!: string;

  @Field(() => String, {
    description: 'File for the findings, in the folder that the server exchanges with its clients.',
  })
  out!: string;

  @Field(() => Int, { nullable: true, description: 'Neighbours that are asked, 5 to 256.' })
  k?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Share of them that must agree on another label, 0.5 to 1.',
  })
  agreement?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'A label with fewer entries is without cover; 1 or more.',
  })
  minimumEntries?: number | null;
}

@InputType('IndexMemoryInput', { description: 'A search index for a large memory.' })
export class IndexMemoryInput {
  @Field(() => String, { description: '`name` for the newest version, or `name@1.0.0`.' })
  memory!: string;

  @Field(() => String, {
    nullable: true,
    description: 'How the index keeps its vectors: ivf-flat, ivf-sq8 (if not given) or ivf-pq.',
  })
  kind?: string | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Share of the 32 nearest to find, 0.5 to 1; as many lists are searched as that takes. 0.995 if not given.',
  })
  recall?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Lists of the index, 1 to 1048576; the square root of the entries if not given.',
  })
  lists?: number | null;
}
