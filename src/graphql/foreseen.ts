import { NeighborKbError, type ErrorCode } from '../domain/errors.js';
import { problem, type ProblemSource } from './types/problems.js';

/** What of the foreseen is an outcome for the client; everything else stays an error. */
const KINDS: Partial<Record<ErrorCode, ProblemSource['kind']>> = {
  NOT_FOUND: 'NotFound',
  CONFLICT: 'Conflict',
  INVALID_ARGUMENT: 'InvalidInput',
};

/** What `body` gives, or the problem that it meets. */
export async function orProblem<T>(body: () => Promise<T>): Promise<T | ProblemSource> {
  try {
    return await body();
  } catch (error) {
    const kind = error instanceof NeighborKbError ? KINDS[error.code] : undefined;
    if (kind === undefined) throw error;
    return problem(kind, error as NeighborKbError); // only such have a kind
  }
}
