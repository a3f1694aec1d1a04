import { createUnionType, Field, Float, InputType, Int } from '../decorators.js';
import type { Job } from '../../jobs/job-queue.js';
import { JobType } from './job.js';
import { InvalidInputType, QueueFullType, type ProblemSource } from './problems.js';

const FILES = 'Files in the folder that the server exchanges with its clients, named from there.';

@InputType('DataFilesInput', { description: 'Files of one format.' })
export class DataFilesInput {
  @Field(() => String, {
    defaultValue: 'auto',
    description: 'Name of the format; `auto` looks at the files.',
  })
  format!: string;

  @Field(() => [String], { description: FILES })
  files!: string[];
}

@InputType('LabelMeaningInput', { description: "What a data set's name for a relation means here." })
export class LabelMeaningInput {
  @Field(() => String, { description: 'The name in the data; `*` for every other name.' })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Predicate id, or NIL for a pair that holds none of ours; null leaves such pairs out.',
  })
  label?: string | null;

  @Field(() => Boolean, { defaultValue: false, description: 'Whether subject and object change places.' })
  inverse!: boolean;
}

@InputType('TypeMeaningInput', { description: "What a data set's name for a mention type means here." })
export class TypeMeaningInput {
  @Field(() => String, { description: 'The name in the data; `*` for every other name.' })
  name!: string;

  @Field(() => String, { description: "One of the encoder's mention types." })
  type!: string;
}

@InputType()
abstract class NewVersionInput {
  @Field(() => String, { description: 'The memory; a new version of it is made.' })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Such as 1.2.0; the one after the newest if not given.',
  })
  version?: string | null;

  @Field(() => String, { nullable: true, description: 'What it holds, for people.' })
  description?: string | null;

  @Field(() => String, { nullable: true, description: 'Licence of its entries.' })
  license?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether representations are scaled to length 1 before distances are taken; true if not given.',
  })
  normalised?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description: 'How keys are kept: int8, float16 (if not given) or float32.',
  })
  keyType?: string | null;
}

@InputType()
abstract class BuildInput extends NewVersionInput {
  @Field(() => Int, {
    nullable: true,
    description: 'Most entries of one label from one sentence, 1 or more.',
  })
  perText?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'How lists of tokens become text: spaced (if not given) or natural.',
  })
  tokens?: string | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Share of the pairs without a relation that become NIL entries, 0 to 1.',
  })
  nilShare?: number | null;
}

@InputType('BuildMemoryInput', { description: 'A version of a memory from labelled data.' })
export class BuildMemoryInput extends BuildInput {
  @Field(() => [DataFilesInput], { description: 'The labelled data, at least one.' })
  from!: DataFilesInput[];

  @Field(() => [LabelMeaningInput], {
    nullable: true,
    description: 'What labels mean here; what the schema knows of the format if not given.',
  })
  labels?: LabelMeaningInput[] | null;

  @Field(() => [TypeMeaningInput], { nullable: true, description: 'What mention types mean here.' })
  types?: TypeMeaningInput[] | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'Whether labels may be known to neither encoder nor schema; such a memory is for research and never served.',
  })
  anyLabel!: boolean;
}

@InputType('BuildMemoryFromFactsInput', {
  description:
    'A version of a memory by distant supervision: a sentence that names both sides of a fact is taken as an example of it.',
})
export class BuildMemoryFromFactsInput extends BuildInput {
  @Field(() => [String], {
    nullable: true,
    description: `CSV, TSV or N-Triples. ${FILES} The triples of this server if not given.`,
  })
  facts?: string[] | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Of the triples of this server, also those that nobody has decided from this confidence on; accepted ones alone if not given.',
  })
  minConfidence?: number | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Pass over facts whose predicate the schema does not know.',
  })
  skipUnknownPredicates!: boolean;

  @Field(() => DataFilesInput, {
    description: 'Text to look for facts in: text, jsonl, mimic, or a format of labelled data.',
  })
  corpus!: DataFilesInput;

  @Field(() => String, {
    nullable: true,
    description: 'Pairs for which the facts say several things: drop (if not given) or all.',
  })
  ambiguous?: string | null;

  @Field(() => Int, { nullable: true, description: 'Most entries of one fact, 1 or more.' })
  perFact?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Memory that is asked how far the entries can be trusted.',
  })
  trusted?: string | null;
}

@InputType('ImportMemoryInput', { description: 'A version of a memory from exported entries.' })
export class ImportMemoryInput extends NewVersionInput {
  @Field(() => String, { description: `JSON lines. ${FILES}` })
  file!: string;
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
export class ReviseMemoryInput {
  @Field(() => String, { description: 'The version to begin from: `name` for the newest, or `name@1.0.0`.' })
  memory!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Such as 1.0.1; the one after the newest if not given.',
  })
  version?: string | null;

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

export type TaskResultSource = Job | ProblemSource;
export const SubmitTaskResult = createUnionType({
  name: 'SubmitTaskResult',
  description: 'A job to follow, or why it was not accepted.',
  types: () => [JobType, InvalidInputType, QueueFullType] as const,
  resolveType: (value: object) => {
    // A job has a kind, too.
    if (!('code' in value)) return JobType;
    return (value as ProblemSource).kind === 'QueueFull' ? QueueFullType : InvalidInputType;
  },
});
