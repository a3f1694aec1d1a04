import { Arg, Ctx, ID, Int, Mutation, Resolver } from '../decorators.js';
import type { Job } from '../../jobs/job-queue.js';
import type { ApiContext } from '../context.js';
import { documentInput, requireDocumentCount } from '../document-inputs.js';
import { invalidArgument } from '../errors.js';
import { orProblem } from '../foreseen.js';
import { LIMITS } from '../limits.js';
import { DocumentInputType } from '../types/document.js';
import { ChangeJobResult, type ChangeJobResultSource } from '../types/job.js';
import { AppendDocumentsResult, type AppendResultSource } from '../types/results.js';

const ID_TEXT = 'Id of the job.';

@Resolver()
export class JobMutationResolver {
  @Mutation(() => AppendDocumentsResult, {
    description:
      'Adds documents to a job that `submitDocuments(open: true)` began. What is accepted is stored and survives a restart.',
  })
  async appendDocuments(
    @Arg('id', () => ID, { description: ID_TEXT }) id: string,
    @Arg('documents', () => [DocumentInputType], {
      description: 'At least one; `server { limits { maxDocumentsPerCall } }` says how many.',
    })
    documents: DocumentInputType[],
    @Ctx() { services }: ApiContext,
  ): Promise<AppendResultSource> {
    requireDocumentCount(documents, services.limits);
    const append = () => services.jobs.append(id, documents.map(documentInput));
    return orProblem(append, ['NOT_FOUND', 'CONFLICT', 'QUEUE_FULL']);
  }

  @Mutation(() => ChangeJobResult, {
    description: 'Says that no more documents will come: the job ends once those that came are done.',
  })
  sealJob(
    @Arg('id', () => ID, { description: ID_TEXT }) id: string,
    @Ctx() { services }: ApiContext,
  ): Promise<ChangeJobResultSource> {
    return changed(() => services.jobs.seal(id));
  }

  @Mutation(() => ChangeJobResult, {
    description: 'Lets the work in hand end and begins no other until the job is resumed.',
  })
  pauseJob(
    @Arg('id', () => ID, { description: ID_TEXT }) id: string,
    @Ctx() { services }: ApiContext,
  ): Promise<ChangeJobResultSource> {
    return changed(() => services.jobs.pause(id));
  }

  @Mutation(() => ChangeJobResult, { description: 'Lets a paused job go on.' })
  resumeJob(
    @Arg('id', () => ID, { description: ID_TEXT }) id: string,
    @Ctx() { services }: ApiContext,
  ): Promise<ChangeJobResultSource> {
    return changed(() => services.jobs.resume(id));
  }

  @Mutation(() => ChangeJobResult, { description: 'Drops what waits for good; what is stored stays.' })
  cancelJob(
    @Arg('id', () => ID, { description: ID_TEXT }) id: string,
    @Ctx() { services }: ApiContext,
  ): Promise<ChangeJobResultSource> {
    return changed(() => services.jobs.cancel(id));
  }

  @Mutation(() => ChangeJobResult, {
    description: 'Tries dead letters of a job again, or a failed task from its last checkpoint.',
  })
  retryJob(
    @Arg('id', () => ID, { description: ID_TEXT }) id: string,
    @Arg('positions', () => [Int], {
      nullable: true,
      description: `Positions of dead letters, at most ${LIMITS.setSize}; without it all that can be tried again.`,
    })
    positions: number[] | null,
    @Ctx() { services }: ApiContext,
  ): Promise<ChangeJobResultSource> {
    if (positions && positions.length > LIMITS.setSize)
      throw invalidArgument(
        `positions has ${positions.length} items; at most ${LIMITS.setSize}`,
        'positions',
      );
    return changed(() => services.jobs.retry(id, positions ?? undefined));
  }
}

/** The job as it is after a change, or why there is nothing to change. */
function changed(change: () => Promise<Job>): Promise<ChangeJobResultSource> {
  return orProblem(change, ['NOT_FOUND', 'CONFLICT']);
}
