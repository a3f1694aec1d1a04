import { NeighborKbError } from '../domain/errors.js';
import type { TaskKind } from '../jobs/tasks.js';
import type { ApiServices } from './services.js';
import { problem } from './types/problems.js';
import type { TaskResultSource } from './types/task-result.js';

/**
 * Puts a long task into the queue.
 *
 * @param place of the task's input among the arguments
 * @returns the job, or why the queue does not take it
 */
export async function submitTask(
  { jobs }: ApiServices,
  kind: TaskKind,
  input: object,
  place: readonly string[] = ['input'],
): Promise<TaskResultSource> {
  try {
    return await jobs.submitTask(kind, input);
  } catch (error) {
    if (!(error instanceof NeighborKbError)) throw error;
    if (error.code === 'QUEUE_FULL') return problem('QueueFull', error);
    const { code, message, path } = error;
    const inside = path[0] === 'input' ? path.slice(1) : path;
    return problem('InvalidInput', { code, message, path: [...place, ...inside] });
  }
}
