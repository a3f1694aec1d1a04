import { once } from 'node:events';
import { Command } from 'commander';
import type { Application } from '../../application.js';
import { loadConfig } from '../../config.js';
import { EXIT, EXIT_CODES_HELP } from '../exit-codes.js';
import type { Io } from '../io.js';
import { integerBetween } from '../options.js';
import type { CliContext } from '../context.js';
import { showSampleFacts } from '../sample-facts.js';
import { ingestSamples } from '../samples.js';
import { version } from '../version.js';

interface ServeOptions {
  readonly withSamples?: true;
  readonly host?: string;
  readonly port?: number;
  readonly dataDir?: string;
  readonly queue?: string;
}

export function serveCommand(context: CliContext): Command {
  return new Command('serve')
    .summary('the GraphQL API, its explorer and the jobs')
    .description('Serves the GraphQL API and its explorer until it is stopped by SIGTERM or Ctrl-C.')
    .option('--with-samples', 'if the store is empty, ingest the samples first and show some facts')
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--port <number>', 'port to listen on, 0 for any (default: 4000)', integerBetween(0, 65_535))
    .option('--data-dir <folder>', 'folder of the embedded store (default: .data)')
    .option('--queue <where>', 'redis://host:6379, or embedded for the data folder (default: embedded)')
    .addHelpText('after', EXAMPLES + EXIT_CODES_HELP)
    .action((options: ServeOptions) => serve(context, options));
}

const EXAMPLES = `
Examples:
  $ neighborkb serve --with-samples
  $ NEIGHBORKB_LOG_LEVEL=warn neighborkb serve --port 8080 --data-dir /var/lib/neighborkb
`;

async function serve(context: CliContext, options: ServeOptions): Promise<void> {
  const { io } = context;
  const { host, port, dataDir, queue } = options;
  const config = loadConfig({ host, port, dataDir, queue });
  // Loaded here: the API's libraries take half a second that no other command should wait for.
  const [{ pino }, { openApplication }, { startServer }] = await Promise.all([
    import('pino'),
    import('../../application.js'),
    import('../../server.js'),
  ]);
  const logger = pino({ level: config.logLevel }, pino.destination({ fd: 2, sync: true }));
  const application = await openApplication(config, { version: version(), logger });
  // To be asked to stop is how serving ends.
  context.exitCode = EXIT.ok;
  try {
    const server = await startServer(application.services, config);
    try {
      if (options.withSamples && !io.stop.aborted) await samplesFirst(io, application);
      await io.stdout.line(`API        ${server.url}/graphql`);
      await io.stdout.line(`Explorer   ${server.url}/graphiql`);
      if (!io.stop.aborted) await once(io.stop, 'abort');
      await io.stderr.line('stopping: running operations may end');
    } finally {
      await server.close();
    }
  } finally {
    await application.close();
  }
}

/** The server answers already; the addresses come last, where a newcomer looks. */
async function samplesFirst(io: Io, application: Application): Promise<void> {
  const { config, ingestion, store, services } = application;
  const ingested = await ingestSamples(io, config, ingestion, store);
  if (ingested) await showSampleFacts(io, store, services.schema);
}
