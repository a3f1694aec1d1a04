import { once } from 'node:events';
import { Command } from 'commander';
import { loadConfig } from '../../config.js';
import type { CliContext } from '../context.js';
import { EXIT, EXIT_CODES_HELP } from '../exit-codes.js';
import { openStore } from '../../open-store.js';
import { openExtraction } from '../../resources.js';

interface WorkerOptions {
  readonly queue?: string;
  readonly dataDir?: string;
  readonly profile?: string;
}

export function workerCommand(context: CliContext): Command {
  return new Command('worker')
    .summary('works on the jobs that a server or other machines accepted')
    .description(
      'Works on jobs with models of its own until it is stopped by SIGTERM or Ctrl-C: the documents in hand are\n' +
        'finished, what waits goes on elsewhere or later. With a queue in Redis workers may run on many machines, all\n' +
        'writing to one Neo4j; with the embedded queue they run on the machine that has the data folder.',
    )
    .option('--queue <where>', 'redis://host:6379, or embedded for the data folder (default: embedded)')
    .option('--data-dir <folder>', 'folder of the embedded store and queue (default: .data)')
    .option('--profile <name>', 'scoring profile, one that ships or one of the data folder')
    .addHelpText('after', EXAMPLES + EXIT_CODES_HELP)
    .action((options: WorkerOptions) => work(context, options));
}

const EXAMPLES = `
Examples:
  $ neighborkb worker
  $ NEIGHBORKB_STORE=neo4j://graph.example.org:7687 neighborkb worker --queue redis://queue.example.org:6379
`;

async function work(context: CliContext, { queue, dataDir, profile }: WorkerOptions): Promise<void> {
  const { io } = context;
  const config = loadConfig({ queue, dataDir });
  const [{ pino }, { DocumentIngester }, { makeQueue, makeRedisQueue }, { taskHandlers }] = await Promise.all(
    [
      import('pino'),
      import('../../jobs/document-ingester.js'),
      import('../../open-queue.js'),
      import('../../tasks/index.js'),
    ],
  );
  const logger = pino({ level: config.logLevel }, pino.destination({ fd: 2, sync: true }));
  const store = await openStore(config);
  try {
    const extraction = await openExtraction(config, profile === undefined ? {} : { profile });
    try {
      const limits = { maxTextLength: config.maxTextLength };
      const { extractor, profile: scoring } = extraction;
      const ingester = new DocumentIngester({ store, extractor, profile: scoring, limits });
      const workshop = { ingester, store, tasks: taskHandlers({ config, extraction, store }) };
      const make = config.queue === 'embedded' ? makeQueue : makeRedisQueue;
      const jobs = await make(config, { logger, workshop });
      await jobs.start();
      // To be asked to stop is how working ends.
      context.exitCode = EXIT.ok;
      await io.stdout.line('working; stop with Ctrl-C');
      if (!io.stop.aborted) await once(io.stop, 'abort');
      await io.stderr.line('stopping: documents in hand are finished');
      await jobs.stop();
    } finally {
      await extraction.close();
    }
  } finally {
    await store.close();
  }
}
