import { type ErrorCode, NeighborKbError } from '../domain/errors.js';
import type { JobError } from './job-queue.js';

/** How an error is shown to clients: what nobody foresaw is masked, the log has it. */
export function jobErrorOf(error: unknown, what: string): JobError {
  if (error instanceof NeighborKbError && error.code !== 'INTERNAL') {
    const { code, message, path } = error;
    return { code, message, path };
  }
  return { code: 'INTERNAL', message: `${what} could not be processed; the log says why`, path: [] };
}

export function brokenOff(what: string, times: number): JobError {
  return { code: 'INTERNAL', message: `work on ${what} broke off ${times} times`, path: [] };
}

/** Errors of the machine: what was given is not to blame. */
const OF_THE_MACHINE: ReadonlySet<ErrorCode> = new Set([
  'INTERNAL',
  'STORE_UNAVAILABLE',
  'QUEUE_UNAVAILABLE',
]);

/** Whether work failed for what it was given, or for what is not there: its message says all that can be said. */
export function isRefusal({ code }: JobError): boolean {
  return !OF_THE_MACHINE.has(code);
}

/** What to do with work that ended with an error. */
export type Verdict =
  | { readonly isFinal: true }
  | {
      readonly isFinal: false;
      /** Milliseconds until the next try. */
      readonly wait: number;
      /** Whether it counts among the tries. */
      readonly counts: boolean;
    };

export interface RetryRules {
  /** Times that work may end with an error that may pass. */
  readonly maxAttempts: number;
  /** Milliseconds before the second try; twice as long before each one after. */
  readonly retryDelay: number;
}

/** Tries that a document has while the store answers but refuses it: a full disk is given some minutes. */
const STORE_ATTEMPTS = 12;

/**
 * Whether work comes again, and when. A store that is away is no document's fault: it may stay away for any time.
 *
 * @param tries those counted so far, without this one
 * @param storeAnswers whether the store answered after the error
 */
export function verdictOf(
  { code }: JobError,
  tries: number,
  { maxAttempts, retryDelay }: RetryRules,
  storeAnswers: boolean,
): Verdict {
  const again = { isFinal: false, wait: backoff(retryDelay, tries + 1) } as const;
  if (code === 'QUEUE_UNAVAILABLE') return { ...again, counts: false };
  if (code === 'STORE_UNAVAILABLE') {
    if (!storeAnswers) return { ...again, counts: false };
    return tries + 1 < STORE_ATTEMPTS ? { ...again, counts: true } : { isFinal: true };
  }
  return code === 'INTERNAL' && tries + 1 < maxAttempts ? { ...again, counts: true } : { isFinal: true };
}

/**
 * Whether the store answers after errors; it is asked only where one of them says that it did not.
 *
 * @param ask whether the store answers now
 */
export async function storeAnswersAfter(
  errors: readonly JobError[],
  ask: () => Promise<boolean>,
): Promise<boolean> {
  return errors.every(({ code }) => code !== 'STORE_UNAVAILABLE') || ask();
}

/** Most milliseconds between tries. */
const LONGEST_WAIT = 60_000;

/** Milliseconds before the next try, twice as long each time. @param tries those that were made, from 1 */
export function backoff(delay: number, tries: number): number {
  return Math.min(LONGEST_WAIT, delay * 2 ** (tries - 1));
}
