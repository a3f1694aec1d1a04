import { Command, InvalidArgumentError, Option } from 'commander';
import { allPages } from '../../store/all-pages.js';
import { MAX_PAGE_SIZE } from '../../store/graph-store.js';
import { noSuchJob } from '../../jobs/refusals.js';
import { JOB_STATES, type Job, type JobQueue, type JobState } from '../../jobs/job-queue.js';
import { JOB_KINDS, type JobKind } from '../../jobs/tasks.js';
import type { CliContext } from '../context.js';
import { EXIT_CODES_HELP } from '../exit-codes.js';
import { followJob, jobOptions } from '../job-follow.js';
import { jobJson, jobLine, jobTable, letterLine } from '../job-lines.js';
import { integerBetween } from '../options.js';
import { withJobs, type JobsOptions } from '../with-jobs.js';
import { submitCommand } from './jobs-submit.js';

type CommonOptions = JobsOptions & { readonly json?: true };

export function jobsCommand(context: CliContext): Command {
  const command = new Command('jobs')
    .summary('submit documents as a job; list, follow, pause, resume, cancel and retry jobs')
    .description(
      'Looks after jobs. The work is done by `neighborkb serve` or `neighborkb worker`, now or later: what is\n' +
        'accepted is stored.',
    )
    .addHelpText('after', EXAMPLES + EXIT_CODES_HELP);
  command.addCommand(submitCommand(context));
  command.addCommand(listCommand(context));
  command.addCommand(withId(context, 'show', 'a job as it stands', 'job'));
  command.addCommand(followCommand(context));
  command.addCommand(withId(context, 'pause', 'begin nothing more of a job until it is resumed', 'pause'));
  command.addCommand(withId(context, 'resume', 'let a paused job go on', 'resume'));
  command.addCommand(withId(context, 'seal', 'say that no more documents will come', 'seal'));
  command.addCommand(withId(context, 'cancel', 'drop what waits; what is stored stays', 'cancel'));
  command.addCommand(retryCommand(context));
  command.addCommand(deadLettersCommand(context));
  return command;
}

const EXAMPLES = `
Examples:
  $ neighborkb jobs submit articles/ --follow
  $ neighborkb jobs list --state running
  $ neighborkb jobs dead-letters --job job_2dV0 --json | jq -r .externalId
  $ neighborkb jobs retry job_2dV0
`;

function listCommand({ io }: CliContext): Command {
  return jobOptions(new Command('list').summary('jobs, newest first'))
    .addOption(new Option('--state <state>', 'only jobs in this state').choices(JOB_STATES))
    .addOption(new Option('--kind <kind>', 'only jobs of this kind').choices(JOB_KINDS))
    .option('--limit <number>', 'how many', integerBetween(1, MAX_PAGE_SIZE), 20)
    .action((options: CommonOptions & { state?: JobState; kind?: JobKind; limit: number }) =>
      withJobs(io, options, async (jobs) => {
        const { state, kind, limit } = options;
        const filter = { ...(state && { states: [state] }), ...(kind && { kinds: [kind] }) };
        const page = await jobs.jobs({ first: limit, filter });
        const found = page.items.map(({ node }) => node);
        if (options.json) for (const job of found) await io.stdout.line(jobJson(job));
        else await io.stdout.write(`${jobTable(found)}\n`);
      }),
    );
}

/** A command that names a job and shows what became of it. */
function withId(
  { io }: CliContext,
  name: string,
  summary: string,
  what: 'job' | 'pause' | 'resume' | 'seal' | 'cancel',
): Command {
  return jobOptions(new Command(name).summary(summary))
    .argument('<id>', 'id of the job')
    .action((id: string, options: CommonOptions) =>
      withJobs(io, options, async (jobs) => {
        const job = what === 'job' ? await known(jobs, id) : await jobs[what](id);
        await io.stdout.line(options.json ? jobJson(job) : jobLine(job));
      }),
    );
}

function followCommand(context: CliContext): Command {
  return jobOptions(new Command('follow').summary('wait for a job, showing how far it is'))
    .argument('<id>', 'id of the job')
    .action((id: string, options: CommonOptions) =>
      withJobs(context.io, options, (jobs) => followJob(context, jobs, id, options.json === true)),
    );
}

function retryCommand({ io }: CliContext): Command {
  return jobOptions(new Command('retry').summary('try dead letters of a job again, or a failed task'))
    .description(
      'Documents that were malformed when they came are not kept: submit them again, mended. Documents that were refused\n' +
        'later, or given up, are tried once more; a failed task goes on from its last checkpoint.',
    )
    .argument('<id>', 'id of the job, or of one dead letter: <job>/<position>', retryTarget)
    .action(({ id, positions }: RetryTarget, options: CommonOptions) =>
      withJobs(io, options, async (jobs) => {
        const job = await jobs.retry(id, positions);
        await io.stdout.line(options.json ? jobJson(job) : jobLine(job));
      }),
    );
}

interface RetryTarget {
  readonly id: string;
  readonly positions?: readonly number[];
}

function retryTarget(text: string): RetryTarget {
  const [, id = '', position] = /^([^/]+)(?:\/(\d+))?$/.exec(text) ?? [];
  if (id === '') throw new InvalidArgumentError('It must be the id of a job, or <job>/<position>.');
  return position === undefined ? { id } : { id, positions: [Number(position)] };
}

function deadLettersCommand({ io }: CliContext): Command {
  return jobOptions(new Command('dead-letters').summary('documents that failed for good'))
    .option('--job <id>', 'those of one job')
    .option('--text', 'with the document, as JSON lines that `neighborkb ingest` reads')
    .action((options: CommonOptions & { job?: string; text?: true }) =>
      withJobs(io, options, async (jobs) => {
        const filter = options.job === undefined ? {} : { jobId: (await known(jobs, options.job)).id };
        for await (const page of allPages((request) => jobs.deadLetters({ ...request, filter }), 100))
          for (const { node } of page.items) {
            if (options.text) {
              const document = await jobs.deadLetterDocument(node.jobId, node.position);
              if (document) await io.stdout.line(JSON.stringify(document));
            } else await io.stdout.line(options.json ? JSON.stringify(node) : letterLine(node));
          }
      }),
    );
}

async function known(jobs: JobQueue, id: string): Promise<Job> {
  const job = await jobs.job(id);
  if (!job) throw noSuchJob(id);
  return job;
}
