import {
  ArgsType,
  createUnionType,
  Field,
  Float,
  GraphQLISODateTime,
  ID,
  InputType,
  Int,
  ObjectType,
} from '../decorators.js';
import type { ErrorCode } from '../../domain/errors.js';
import type { Job, JobPriority, JobState } from '../../jobs/job-queue.js';
import { MAX_JOB_CHANGES } from '../../jobs/job-queue.js';
import type { JobKind } from '../../jobs/tasks.js';
import { connectionOf, PageArguments } from '../connections.js';
import { ErrorCodeEnum } from './enums/errors.js';
import { JobKindEnum, JobPriorityEnum, JobStateEnum } from './enums/jobs.js';
import { NodeType } from './node.js';
import { ConflictType, NotFoundType, ProblemType, successOr, type ProblemSource } from './problems.js';

@ObjectType('JobError', { simpleResolvers: true, implements: ProblemType, description: 'Why a task failed.' })
export class JobErrorType {}

@ObjectType('Job', {
  simpleResolvers: true,
  implements: NodeType,
  description: 'Documents to ingest, or other long work: accepted means stored, also over a restart.',
})
export class JobType implements NodeType {
  @Field(() => ID, { description: 'Ask `job(id)` for news, or follow `jobProgress(id)`.' })
  id!: string;

  @Field(() => JobKindEnum, { description: 'What it does.' })
  kind!: JobKind;

  @Field(() => JobStateEnum, { description: 'Where it stands.' })
  state!: JobState;

  @Field(() => JobPriorityEnum, { description: 'Which waiting work goes first.' })
  priority!: JobPriority;

  @Field(() => Boolean, {
    description: 'Whether documents may still be appended; it ends once it is sealed.',
  })
  open!: boolean;

  @Field(() => Int, {
    description: 'Number of its documents so far; of a task its units of work, 0 while they are not known.',
  })
  total!: number;

  @Field(() => Int, { description: 'Documents that were stored or failed so far; of a task, units of work.' })
  done!: number;

  @Field(() => Int, { description: 'Documents that failed: dead letters.' })
  failed!: number;

  @Field(() => String, { nullable: true, description: 'What a task is doing, for people.' })
  step!: string | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Documents or units of work a second, over the last one to two minutes.',
  })
  rate!: number | null;

  @Field(() => GraphQLISODateTime, { description: 'When it was accepted.' })
  createdAt!: Date;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'When work on it began.' })
  startedAt!: Date | null;

  @Field(() => GraphQLISODateTime, { nullable: true, description: 'When it ended; null while it has not.' })
  finishedAt!: Date | null;

  @Field(() => Int, {
    description: 'Grows with every change: give the last one you saw to `jobProgress` to resume there.',
  })
  sequence!: number;
}

@ObjectType('DeadLetter', {
  simpleResolvers: true,
  description: 'A document that failed for good: refused, or given up after its tries.',
})
export class DeadLetterType {
  @Field(() => ID, { description: 'Job and position.' })
  id!: string;

  @Field(() => ID, { description: 'Its job.' })
  jobId!: string;

  @Field(() => Int, { description: 'Its place among the documents of the job, from 0.' })
  position!: number;

  @Field(() => String, { description: 'externalId of the document.' })
  externalId!: string;

  @Field(() => ErrorCodeEnum, { description: 'What is wrong, for programs.' })
  code!: ErrorCode;

  @Field(() => String, { description: 'What is wrong and what was expected, for people.' })
  message!: string;

  @Field(() => Boolean, {
    description: 'Whether it can be tried again: a document that was malformed when it came is not kept.',
  })
  retryable!: boolean;

  @Field(() => GraphQLISODateTime, { description: 'When it failed.' })
  failedAt!: Date;
}

export const JobConnection = connectionOf(JobType, 'Job', 'jobs');
export const DeadLetterConnection = connectionOf(DeadLetterType, 'DeadLetter', 'dead letters');

@InputType('JobFilterInput', { description: 'Which jobs; without a field, all.' })
export class JobFilterInput {
  @Field(() => [JobKindEnum], { nullable: true, description: 'Jobs of one of these kinds.' })
  kinds?: JobKind[] | null;

  @Field(() => [JobStateEnum], { nullable: true, description: 'Jobs in one of these states.' })
  states?: JobState[] | null;
}

@InputType('DeadLetterFilterInput', { description: 'Which dead letters; without a field, all.' })
export class DeadLetterFilterInput {
  @Field(() => ID, { nullable: true, description: 'Those of one job.' })
  jobId?: string | null;

  @Field(() => [ErrorCodeEnum], { nullable: true, description: 'Those with one of these codes.' })
  codes?: ErrorCode[] | null;
}

@ArgsType()
export class JobsArguments extends PageArguments {
  @Field(() => JobFilterInput, { nullable: true, description: 'Which jobs.' })
  filter?: JobFilterInput | null;
}

@ArgsType()
export class DeadLettersArguments extends PageArguments {
  @Field(() => DeadLetterFilterInput, { nullable: true, description: 'Which dead letters.' })
  filter?: DeadLetterFilterInput | null;
}

@ArgsType()
export class JobProgressArguments {
  @Field(() => ID, { description: 'Id of the job.' })
  id!: string;

  @Field(() => Int, {
    nullable: true,
    description:
      `\`sequence\` of the last state that you saw: what you missed comes first, at most the last ${MAX_JOB_CHANGES} ` +
      'states. 0 or more.',
  })
  afterSequence?: number | null;
}

export type ChangeJobResultSource = Job | ProblemSource;
export const ChangeJobResult = createUnionType({
  name: 'ChangeJobResult',
  description: 'The job as it is now, or why it was not changed.',
  types: () => [JobType, NotFoundType, ConflictType] as const,
  resolveType: successOr(JobType),
});
