import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root, Subscription } from '../decorators.js';
import { NeighborKbError } from '../../domain/errors.js';
import type { Job } from '../../jobs/job-queue.js';
import type { ApiContext } from '../context.js';
import { invalidArgument } from '../errors.js';
import { JobProgressArguments, JobType } from '../types/job.js';
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
    description: 'Documents that were refused; the others are kept.',
  })
  failures(@Root() { failures }: Job): ProblemSource[] {
    return failures.map((failure) => problem('InvalidDocument', failure, failure.externalId));
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
