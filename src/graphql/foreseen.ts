import { NeighborKbError, type ErrorCode } from '../domain/errors.js';
import { problem, type ProblemSource } from './types/problems.js';

const KINDS = {
  NOT_FOUND: 'NotFound',
  CONFLICT: 'Conflict',
  INVALID_ARGUMENT: 'InvalidInput',
  MEMORY_MODEL_MISMATCH: 'InvalidInput',
  QUEUE_FULL: 'QueueFull',
} as const satisfies Partial<Record<ErrorCode, ProblemSource['kind']>>;

/**
 * What `body` gives, or the problem that it meets.
 *
 * @param foreseen codes of what is an outcome for the client; everything else stays an error
 */
export async function orProblem<T>(
  body: () => Promise<T>,
  foreseen: readonly (keyof typeof KINDS)[],
): Promise<T | ProblemSource> {
  try {
    return await body();
  } catch (error) {
    if (!(error instanceof NeighborKbError)) throw error;
    const code = foreseen.find((each) => each === error.code);
    if (code === undefined) throw error;
    return problem(KINDS[code], error);
  }
}
