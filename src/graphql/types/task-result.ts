import { createUnionType } from '../decorators.js';
import type { Job } from '../../jobs/job-queue.js';
import { JobType } from './job.js';
import { InvalidInputType, QueueFullType, successOr, type ProblemSource } from './problems.js';

export type TaskResultSource = Job | ProblemSource;
export const SubmitTaskResult = createUnionType({
  name: 'SubmitTaskResult',
  description: 'A job to follow, or why it was not accepted.',
  types: () => [JobType, InvalidInputType, QueueFullType] as const,
  resolveType: successOr(JobType),
});
