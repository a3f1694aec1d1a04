import { NeighborKbError } from '../domain/errors.js';
import type { Job, JobState } from './job-queue.js';

/** What both queues say of calls that they cannot follow. */

export function queueFull(waiting: number, wanted: number, capacity: number): NeighborKbError {
  return new NeighborKbError(
    'QUEUE_FULL',
    `${waiting} of at most ${capacity} documents wait: there is no room for ${wanted} more`,
    ['documents'],
  );
}

export function noSuchJob(id: string): NeighborKbError {
  return new NeighborKbError('NOT_FOUND', `there is no job ${id}`, ['id']);
}

export function conflict(message: string): NeighborKbError {
  return new NeighborKbError('CONFLICT', message, ['id']);
}

export function isOver(id: string, state: JobState): NeighborKbError {
  return conflict(`job ${id} is ${state}`);
}

export function notOpen(id: string): NeighborKbError {
  return conflict(`job ${id} takes no more documents: it is sealed, final or a task`);
}

export function nothingToRetry(id: string): NeighborKbError {
  return conflict(`job ${id} has no document that can be tried again`);
}

export function noDocuments(): NeighborKbError {
  return new NeighborKbError('INVALID_ARGUMENT', 'a job needs at least one document', ['documents']);
}

/** The job that a call has just changed. @throws NeighborKbError INTERNAL where it is gone */
export function stillThere(id: string, job: Job | null): Job {
  if (!job) throw new NeighborKbError('INTERNAL', `job ${id} is gone`);
  return job;
}
