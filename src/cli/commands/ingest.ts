import { Command } from 'commander';
import { loadConfig, type Config } from '../../config.js';
import { EXIT_CODES_HELP, EXIT } from '../exit-codes.js';
import { refusalLine } from '../formats/refusal.js';
import { findFiles, type InputDocument, readDocuments, readStandardInput } from '../inputs.js';
import { ingestAll, type IngestSummary } from '../ingestion.js';
import type { Io } from '../io.js';
import { openStore } from '../../open-store.js';
import { openExtraction } from '../../resources.js';
import type { CliContext } from '../context.js';

interface IngestOptions {
  readonly dataDir?: string;
  readonly profile?: string;
  readonly externalId: string;
  readonly json?: true;
}

export function ingestCommand(context: CliContext): Command {
  return new Command('ingest')
    .summary('documents in, triples into the store')
    .description(
      'Reads text, Markdown, HTML and JSON lines files, folders of them, or standard input, and stores what they\n' +
        'say. A file is one document whose externalId is its path; a JSON line is a document {"externalId", "text"}.\n' +
        'Ingesting the same document again changes nothing; another text under its externalId replaces it.',
    )
    .argument('<paths...>', 'files or folders; - for standard input: JSON lines, or one text')
    .option('--data-dir <folder>', 'folder of the embedded store')
    .option('--profile <name>', 'scoring profile, one that ships or one of the data folder')
    .option('--external-id <id>', 'what a text on standard input is called', 'stdin')
    .option('--json', 'the summary as JSON, with every refused document')
    .addHelpText('after', EXAMPLES + EXIT_CODES_HELP)
    .action((paths: readonly string[], options: IngestOptions) => ingest(context, paths, options));
}

const EXAMPLES = `
Examples:
  $ neighborkb ingest samples/
  $ neighborkb ingest articles.jsonl notes/*.md
  $ curl -s https://example.org/page.txt | neighborkb ingest --external-id page -
`;

async function ingest(context: CliContext, paths: readonly string[], options: IngestOptions): Promise<void> {
  const { io } = context;
  const config = loadConfig({ dataDir: options.dataDir });
  const inputs = await inputsOf(io, paths, config, options.externalId);
  const extraction = await openExtraction(
    config,
    options.profile === undefined ? {} : { profile: options.profile },
  );
  try {
    const store = await openStore(config);
    try {
      const summary = await ingestAll(inputs, { io, extraction, store, maxTextLength: config.maxTextLength });
      if (summary.failures.length > 0) context.exitCode = EXIT.badInput;
      await report(io, summary, options.json === true);
    } finally {
      await store.close();
    }
  } finally {
    await extraction.close();
  }
}

/** Documents as they are read, with how many there are where that is known beforehand: files, not lines. */
async function inputsOf(
  io: Io,
  paths: readonly string[],
  config: Config,
  externalId: string,
): Promise<{ readonly documents: AsyncIterable<InputDocument>; readonly files: number }> {
  const options = { unit: 'utf16', maxTextLength: config.maxTextLength } as const;
  if (paths.length === 1 && paths[0] === '-')
    return { documents: readStandardInput(io.stdin, { ...options, externalId }), files: 1 };
  const files = await findFiles(paths);
  const documents = (async function* () {
    for (const file of files) yield* readDocuments(file, options);
  })();
  return { documents, files: files.length };
}

async function report(io: Io, summary: IngestSummary, json: boolean): Promise<void> {
  const { created, replaced, unchanged, triples, failures, seconds } = summary;
  if (json) {
    await io.stdout.line(JSON.stringify(summary));
    return;
  }
  await io.stdout.line(
    `${created + replaced + unchanged} documents in ${seconds.toFixed(1)} s: ` +
      `${created} new, ${replaced} replaced, ${unchanged} unchanged; ${triples} triples; ${failures.length} refused`,
  );
  for (const { externalId, place, ...refusal } of failures) {
    // A file is named by itself, if no other name was given.
    const names =
      externalId === null || externalId === '' || externalId === place ? [place] : [place, externalId];
    await io.stderr.line(refusalLine(names.join(' '), refusal));
  }
}
