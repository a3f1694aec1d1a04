import { remainingSeconds, type DeadLetter, type Job } from '../jobs/job-queue.js';
import { table } from './formats/table.js';

/** A job in a line, for people. */
export function jobLine(job: Job): string {
  const { id, kind, state, done, total, failed, rate, step, error } = job;
  const left = remainingSeconds(job);
  return [
    `${id}  ${kind}  ${state}  ${done} of ${total}`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(rate === null ? [] : [`${rate.toFixed(1)} a second`]),
    ...(left === null ? [] : [`${Math.ceil(left)} s left`]),
    ...(step === null ? [] : [step]),
    ...(error === null ? [] : [`${error.code}: ${error.message}`]),
  ].join(', ');
}

/** A job as one line of JSON. */
export function jobJson(job: Job): string {
  return JSON.stringify({ ...job, remainingSeconds: remainingSeconds(job) });
}

export function jobTable(jobs: readonly Job[]): string {
  return table(
    ['job', 'kind', 'state', 'priority', 'done', 'total', 'failed', 'accepted'],
    jobs.map(({ id, kind, state, priority, done, total, failed, createdAt }) => [
      ...[id, kind, state, priority, String(done), String(total), String(failed)],
      createdAt.toISOString(),
    ]),
  );
}

export function letterLine({ id, externalId, code, message, path, retryable }: DeadLetter): string {
  const field = path.length === 0 ? '' : ` (${path.join('.')})`;
  return `${id}  ${externalId}: ${code}${field}: ${message}${retryable ? '' : ' [not kept]'}`;
}
