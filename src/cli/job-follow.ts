import type { Command } from 'commander';
import { FINAL_STATES, type Job, type JobQueue } from '../jobs/job-queue.js';
import type { CliContext } from './context.js';
import { EXIT, EXIT_CODES_HELP } from './exit-codes.js';
import { jobJson, jobLine } from './job-lines.js';
import { startProgress } from './progress.js';

/** Options of every command about jobs. */
export function jobOptions(command: Command): Command {
  return command
    .option('--queue <where>', 'redis://host:6379, or embedded for the data folder (default: embedded)')
    .option('--data-dir <folder>', 'folder of the embedded queue (default: .data)')
    .option('--json', 'JSON lines')
    .addHelpText('after', EXIT_CODES_HELP);
}

/** Shows a job's progress until it ends; the exit code says whether a document failed. */
export async function followJob(
  context: CliContext,
  jobs: JobQueue,
  id: string,
  json: boolean,
): Promise<void> {
  const { io } = context;
  const progress = startProgress(io, 'job', 'done');
  const states = jobs.follow(id);
  const onStop = () => void states.return?.();
  io.stop.addEventListener('abort', onStop);
  let last: Job | null = null;
  try {
    for await (const job of states) {
      last = job;
      if (json) await io.stdout.line(jobJson(job));
      else if (job.total > 0) await progress.update(job.done, job.total);
    }
  } finally {
    io.stop.removeEventListener('abort', onStop);
    progress.end();
  }
  if (!last) return;
  if (!json) await io.stdout.line(jobLine(last));
  if (FINAL_STATES.has(last.state) && (last.failed > 0 || last.state !== 'completed'))
    context.exitCode = EXIT.badInput;
}
