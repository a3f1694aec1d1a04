import { join } from 'node:path';
import { Command, Option } from 'commander';
import { loadConfig, type Config } from '../../config.js';
import { parseDatasetReference } from '../../datasets/open.js';
import { CORPUS_FORMATS, DATASET_FORMATS, isCorpusFormat } from '../../datasets/ports.js';
import { TOKEN_JOININGS } from '../../datasets/token-joining.js';
import { NeighborKbError } from '../../domain/errors.js';
import { OnnxRelationEncoder } from '../../inference/onnx-relation-encoder.js';
import { buildMemory } from '../../memory/build.js';
import { AMBIGUITY_CHOICES } from '../../memory/distant/distant-examples.js';
import { KEY_TYPES, type KeyType } from '../../memory/key-codec.js';
import { memoryDirectory } from '../../memory/shelf.js';
import { memoryBuildTask } from '../../tasks/memory-build.js';
import { openMemoryTools } from '../../tasks/open-memory-tools.js';
import type { CliContext } from '../context.js';
import { EXIT_CODES_HELP } from '../exit-codes.js';
import type { Io } from '../io.js';
import { writeBuildReport } from '../formats/memory-report.js';
import { runWithProgress } from '../memory-tasks.js';
import { integerBetween, numberBetween, repeated } from '../options.js';
import { reportTo, startProgress } from '../progress.js';
import { readMapping } from '../scoring-files.js';
import { readSchema } from '../../resources.js';

interface BuildOptions {
  readonly nil?: 'listed' | 'all';
  readonly from?: readonly string[];
  readonly mapping?: string;
  readonly tokens?: string;
  readonly nilShare?: number;
  readonly perText?: number;
  readonly labels?: string;
  readonly release?: string;
  readonly description?: string;
  readonly license?: string;
  readonly raw?: true;
  readonly keyType?: KeyType;
  readonly facts?: readonly string[];
  readonly factsFromStore?: true;
  readonly minConfidence?: number;
  readonly skipUnknownPredicates?: true;
  readonly corpus?: string;
  readonly ambiguous?: string;
  readonly perFact?: number;
  readonly trusted?: string;
  readonly json?: true;
}

export function memoryBuildCommand(context: CliContext): Command {
  const command = new Command('build')
    .summary('build a memory from sentences of your own, labelled data, or facts and text')
    .description(
      'Without --from and --facts: encodes the sentences in memories/<name>/source/*.jsonl by the recipe beside them and writes the\n' +
        'package there. The same sources and model give the same package.\n\n' +
        'With --from: builds a new version of the memory, memories/<name>@<version>, from labelled data. With --facts and\n' +
        '--corpus: by distant supervision, a sentence that names both sides of a fact is taken as an example of it. A\n' +
        'build that is stopped goes on when the same command is given again.\n\n' +
        'A memory belongs to one encoder: build it again when the encoder changes.',
    )
    .argument('<name>', 'the memory: a folder in memories/')
    .addHelpText('after', EXAMPLES + EXIT_CODES_HELP)
    .action((name: string, options: BuildOptions) => build(context, name, options));
  for (const addOptions of [addLabelledOptions, addDistantOptions, addPackageOptions]) addOptions(command);
  return command;
}

function addLabelledOptions(command: Command): void {
  command
    .option(
      '--from <format:file,...>',
      `labelled data; may be repeated. Formats: ${DATASET_FORMATS.join(', ')}; without one it is detected`,
      repeated,
    )
    .option('--mapping <file>', 'what labels and types of the data mean here, JSON (docs/memories.md)')
    .addOption(new Option('--tokens <how>', 'how lists of tokens become text').choices(TOKEN_JOININGS))
    .option(
      '--nil-share <share>',
      'share of the pairs without a relation that become NIL entries (default: 1; with --facts 0.1)',
      numberBetween(0, 1),
    )
    .option(
      '--per-text <count>',
      'most entries of one label from one sentence, nearest mentions first',
      integerBetween(1, 1_000_000),
    )
    .addOption(
      new Option(
        '--labels <which>',
        'any: also labels that nothing knows; such a memory is not served',
      ).choices(['known', 'any']),
    );
}

function addDistantOptions(command: Command): void {
  command
    .option('--facts <file>', 'facts: .csv, .tsv or .nt; may be repeated (docs/memories.md)', repeated)
    .option('--facts-from-store', 'facts: the accepted triples of the knowledge base')
    .option(
      '--min-confidence <share>',
      'with --facts-from-store: also triples that nobody has decided, from this confidence on',
      numberBetween(0, 1),
    )
    .option('--skip-unknown-predicates', 'pass over facts whose predicate the schema does not know')
    .option(
      '--corpus <format:file,...>',
      `text in which facts are looked for: ${CORPUS_FORMATS.join(', ')}, or a format of --from`,
    )
    .addOption(
      new Option('--ambiguous <which>', 'pairs for which the facts say several things').choices(
        AMBIGUITY_CHOICES,
      ),
    )
    .option('--per-fact <count>', 'most entries of one fact', integerBetween(1, 1_000_000))
    .option('--trusted <memory>', 'ask this memory how far the entries can be trusted');
}

function addPackageOptions(command: Command): void {
  command
    .option('--release <version>', 'version of the package (default: the one after the newest)')
    .option('--description <text>', 'what it holds, for people')
    .option('--license <name>', 'licence of its entries')
    .option('--raw', 'take distances of representations as they are, not of length 1')
    .addOption(new Option('--key-type <type>', 'how keys are kept').choices(KEY_TYPES))
    .addOption(new Option('--nil <which>', 'without --from: NIL entries').choices(['listed', 'all']))
    .option('--json', 'print what was built as JSON');
}

const EXAMPLES = `
Examples:
  $ neighborkb memory build general
  $ neighborkb memory build news --from conll04:train.txt --mapping conll04-mapping.json --license research
  $ neighborkb memory build wiki --from docred:train.json --tokens natural --nil-share 0.25
  $ neighborkb memory build ours --facts facts.csv --corpus jsonl:articles.jsonl --trusted general
  $ neighborkb memory build own --facts-from-store --corpus text:notes/
`;

async function build({ io }: CliContext, name: string, options: BuildOptions): Promise<void> {
  const config = loadConfig();
  if (options.from !== undefined) await buildVersion(io, config, await labelledInput(name, options), options);
  else if (options.facts !== undefined || options.factsFromStore)
    await buildVersion(io, config, distantInput(name, options), options);
  else await buildFromFolder(io, config, name, options);
}

async function buildFromFolder(io: Io, config: Config, name: string, { nil }: BuildOptions): Promise<void> {
  const directory = memoryDirectory(config.memoriesDir, name);
  const schema = await readSchema(config);
  const encoder = await OnnxRelationEncoder.open(join(config.modelsDir, config.relationEncoder), {
    workers: config.inferenceWorkers,
    executionProvider: config.executionProvider,
  });
  try {
    const progress = startProgress(io, `memory ${name}`, 'sentences');
    const manifest = await buildMemory({
      directory,
      encoder,
      schema,
      ...(nil === undefined ? {} : { overrides: { nil } }),
      onProgress: reportTo(io, progress),
    });
    progress.end();
    await io.stdout.line(`${directory}: ${manifest.entries} entries of ${manifest.sources.length} sources`);
  } finally {
    await encoder.close();
  }
}

/** What options say of every new version. */
function targetInput(name: string, options: BuildOptions) {
  const { release, raw, description, license, keyType, perText, tokens, nilShare } = options;
  return {
    name,
    version: release,
    normalised: raw !== true,
    description,
    license,
    keyType,
    perText,
    tokens,
    nilShare,
  };
}

async function labelledInput(name: string, options: BuildOptions): Promise<object> {
  const { from = [], mapping, labels } = options;
  return {
    ...targetInput(name, options),
    source: 'labelled-data',
    from: from.map(filesOf),
    mapping: await readMapping(mapping),
    labels,
  };
}

function distantInput(name: string, options: BuildOptions): object {
  const { facts, minConfidence, skipUnknownPredicates, corpus, ambiguous, perFact, trusted } = options;
  if (corpus === undefined)
    throw new NeighborKbError('INVALID_ARGUMENT', 'with facts --corpus must say where to look for them', [
      'corpus',
    ]);
  return {
    ...targetInput(name, options),
    source: 'facts',
    facts:
      facts === undefined
        ? { store: { acceptedOnly: minConfidence === undefined, minConfidence } }
        : { files: facts, skipUnknownPredicates },
    corpus: corpusOf(corpus),
    ambiguous,
    perFact,
    trusted,
  };
}

function filesOf(reference: string) {
  const { format, paths } = parseDatasetReference(reference);
  return { format, files: paths };
}

function corpusOf(reference: string) {
  const [, format = '', files = ''] = /^([a-z]+):(.*)$/s.exec(reference) ?? [];
  return isCorpusFormat(format) ? { format, files: files.split(',') } : filesOf(reference);
}

async function buildVersion(io: Io, config: Config, input: object, { json }: BuildOptions): Promise<void> {
  const tools = await openMemoryTools(config, await readSchema(config));
  try {
    const result = await runWithProgress(io, memoryBuildTask(tools), input, 'texts');
    if (json) await io.stdout.line(JSON.stringify(result));
    else await writeBuildReport(io, result);
  } finally {
    await tools.close();
  }
}
