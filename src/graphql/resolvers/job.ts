import {
  Arg,
  Args,
  Ctx,
  FieldResolver,
  Float,
  ID,
  Query,
  Resolver,
  Root,
  Subscription,
} from '../decorators.js';
import { NeighborKbError } from '../../domain/errors.js';
import { MAX_JOB_FAILURES, remainingSeconds, type DeadLetter, type Job } from '../../jobs/job-queue.js';
import { pageRequest, storedConnection, type ConnectionSource } from '../connections.js';
import type { ApiContext } from '../context.js';
import { invalidArgument } from '../errors.js';
import { given } from '../filters.js';
import { costOfList, LIMITS } from '../limits.js';
import {
  DeadLetterConnection,
  DeadLettersArguments,
  DeadLetterType,
  JobConnection,
  JobErrorType,
  JobProgressArguments,
  JobsArguments,
  JobType,
} from '../types/job.js';
import { jobResult, JobResult, type JobResultSource } from '../types/job-results.js';
import { InvalidDocumentType, problem, type ProblemSource } from '../types/problems.js';

@Resolver(() => JobType)
export class JobResolver {
  @Query(() => JobType, { nullable: true, description: 'The job with this id.' })
  job(
    @Arg('id', () => ID, { description: 'Its id.' }) id: string,
    @Ctx() { services }: ApiContext,
  ): Promise<Job | null> {
    return services.jobs.job(id);
  }

  @Query(() => JobConnection, {
    description: 'Jobs, newest first. Those that ended are kept for a while.',
    complexity: costOfList(LIMITS.defaultPageSize),
  })
  jobs(
    @Args(() => JobsArguments) { filter, ...page }: JobsArguments,
    @Ctx() { services }: ApiContext,
  ): ConnectionSource<Job> {
    const request = pageRequest(page);
    const query = { ...request, filter: given({ kinds: filter?.kinds, states: filter?.states }) };
    return storedConnection(request.after, () => services.jobs.jobs(query));
  }

  @Subscription(() => JobType, {
    description: 'The states of a job, ending with the final one.',
    subscribe: ({ args, context }) => followJob(args as JobProgressArguments, context as ApiContext),
  })
  // Declares the arguments, which are used where the subscription begins.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  jobProgress(@Root() job: Job, @Args(() => JobProgressArguments) _: JobProgressArguments): Job {
    return job;
  }

  @FieldResolver(() => [InvalidDocumentType], {
    description: `The first ${MAX_JOB_FAILURES} documents that failed; \`deadLetters\` has all. The others are kept.`,
  })
  failures(@Root() { failures }: Job): ProblemSource[] {
    return failures.map((failure) => problem('InvalidDocument', failure, failure.externalId));
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description: 'Seconds until it is done at its present rate; null where that cannot be said.',
  })
  remainingSeconds(@Root() job: Job): number | null {
    return remainingSeconds(job);
  }

  @FieldResolver(() => JobResult, { nullable: true, description: 'What a completed task gave.' })
  result(@Root() job: Job): JobResultSource | null {
    return jobResult(job);
  }

  @FieldResolver(() => JobErrorType, { nullable: true, description: 'Why a task failed.' })
  error(@Root() { error }: Job): ProblemSource | null {
    return error && problem('JobError', error);
  }
}

@Resolver(() => DeadLetterType)
export class DeadLetterResolver {
  @Query(() => DeadLetterConnection, {
    description: 'Documents that failed for good: oldest job first, then by position.',
    complexity: costOfList(LIMITS.defaultPageSize),
  })
  deadLetters(
    @Args(() => DeadLettersArguments) { filter, ...page }: DeadLettersArguments,
    @Ctx() { services }: ApiContext,
  ): ConnectionSource<DeadLetter> {
    const request = pageRequest(page);
    const query = { ...request, filter: given({ jobId: filter?.jobId, codes: filter?.codes }) };
    return storedConnection(request.after, () => services.jobs.deadLetters(query));
  }

  @FieldResolver(() => [String], {
    description: 'Where in the document: names of fields and positions in lists, such as ["mentions", "3"].',
  })
  path(@Root() { path }: DeadLetter): string[] {
    return path.map(String);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Text of the document; null if it is not kept.',
    // One read each, of texts that may be long.
    complexity: 50,
  })
  async text(
    @Root() { jobId, position }: DeadLetter,
    @Ctx() { services }: ApiContext,
  ): Promise<string | null> {
    return (await services.jobs.deadLetterDocument(jobId, position))?.text ?? null;
  }
}

/** @throws NeighborKbError NOT_FOUND or INVALID_ARGUMENT naming the argument */
async function followJob(
  { id, afterSequence }: JobProgressArguments,
  { services }: ApiContext,
): Promise<AsyncIterable<Job>> {
  if (typeof afterSequence === 'number' && afterSequence < 0)
    throw invalidArgument(`afterSequence is ${afterSequence}; it must be 0 or more`, 'afterSequence');
  if ((await services.jobs.job(id)) === null)
    throw new NeighborKbError('NOT_FOUND', `no job has the id ${JSON.stringify(id)}`, ['id']);
  return services.jobs.follow(id, afterSequence ?? undefined);
}
