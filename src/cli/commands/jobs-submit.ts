import { setTimeout as delay } from 'node:timers/promises';
import { Command, Option } from 'commander';
import { loadConfig } from '../../config.js';
import { inChunks } from '../../domain/chunks.js';
import { NeighborKbError } from '../../domain/errors.js';
import { JOB_PRIORITIES, type Job, type JobPriority, type JobQueue } from '../../jobs/job-queue.js';
import { CHUNK_LIMITS } from '../chunks.js';
import type { CliContext } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { refusalLine } from '../formats/refusal.js';
import { findFiles, readDocuments, readStandardInput, type InputDocument } from '../inputs.js';
import { followJob, jobOptions } from '../job-follow.js';
import { jobJson, jobLine } from '../job-lines.js';
import { startProgress } from '../progress.js';
import { withJobs, type JobsOptions } from '../with-jobs.js';

interface SubmitCommandOptions extends JobsOptions {
  readonly json?: true;
  readonly priority: JobPriority;
  readonly follow?: true;
}

/** Milliseconds between tries while the queue is full. */
const FULL_WAIT = 1000;

export function submitCommand(context: CliContext): Command {
  return jobOptions(new Command('submit').summary('accept documents as a job'))
    .description(
      'Reads documents as `neighborkb ingest` does and stores them in the queue, page by page: memory stays bounded\n' +
        'whatever the number. While the queue is full it waits for room.',
    )
    .argument('<paths...>', 'files or folders; - for standard input: JSON lines, or one text')
    .addOption(
      new Option('--priority <name>', 'which waiting documents go first')
        .choices(JOB_PRIORITIES)
        .default('normal'),
    )
    .option('--follow', 'wait until the job is done, showing how far it is')
    .action((paths: readonly string[], options: SubmitCommandOptions) =>
      withJobs(context.io, options, async (jobs) => {
        const job = await submitAll(context, jobs, paths, options.priority);
        if (options.follow) await followJob(context, jobs, job.id, options.json === true);
        else {
          await context.io.stdout.line(options.json ? jobJson(job) : jobLine(job));
          // Malformed documents are dead letters from the start.
          if (job.failed > 0) context.exitCode = EXIT.badInput;
        }
      }),
    );
}

async function submitAll(
  context: CliContext,
  jobs: JobQueue,
  paths: readonly string[],
  priority: JobPriority,
): Promise<Job> {
  const { io } = context;
  const progress = startProgress(io, 'submit', 'documents');
  let id: string | null = null;
  let count = 0;
  try {
    for await (const chunk of inChunks(documentsOf(context, paths), CHUNK_LIMITS, sizeOf)) {
      if (io.stop.aborted) break;
      const good = chunk.flatMap((input) => (input.ok ? [input.document] : []));
      for (const input of chunk) if (!input.ok) await refuse(context, input);
      if (good.length === 0) continue;
      // Not before there is something to do: nobody would know the id of an empty one.
      id ??= (await jobs.submit([], { open: true, priority })).id;
      await appendWhenThereIsRoom(context, jobs, id, good);
      count += good.length;
      await progress.update(count, count);
    }
  } catch (error) {
    // What was accepted is done; should the queue be away, the first error counts.
    if (id !== null) await jobs.seal(id).catch(() => undefined);
    throw error;
  }
  progress.end();
  if (id === null) throw new NeighborKbError('INVALID_DOCUMENT', 'no document was accepted: there is no job');
  // Stopped half way: what was accepted is done, and the caller knows from the exit code.
  return jobs.seal(id);
}

async function appendWhenThereIsRoom(
  { io }: CliContext,
  jobs: JobQueue,
  id: string,
  documents: Parameters<JobQueue['append']>[1],
): Promise<void> {
  for (;;)
    try {
      await jobs.append(id, documents);
      return;
    } catch (error) {
      const isFull = error instanceof NeighborKbError && error.code === 'QUEUE_FULL';
      if (!isFull || io.stop.aborted) throw error;
      await delay(FULL_WAIT, undefined, { signal: io.stop }).catch(() => undefined);
    }
}

async function* documentsOf({ io }: CliContext, paths: readonly string[]): AsyncGenerator<InputDocument> {
  const { maxTextLength } = loadConfig();
  const options = { unit: 'utf16', maxTextLength } as const;
  if (paths.length === 1 && paths[0] === '-')
    yield* readStandardInput(io.stdin, { ...options, externalId: 'stdin' });
  else for (const file of await findFiles(paths)) yield* readDocuments(file, options);
}

async function refuse(context: CliContext, input: InputDocument & { ok: false }): Promise<void> {
  context.exitCode = EXIT.badInput;
  await context.io.stderr.line(refusalLine(input.place, input.error));
}

function sizeOf(input: InputDocument): number {
  return input.ok ? input.document.text.length : 0;
}
