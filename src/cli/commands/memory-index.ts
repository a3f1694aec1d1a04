import { Command, Option } from 'commander';
import { loadConfig } from '../../config.js';
import { INDEX_KINDS, type IndexKind } from '../../memory/faiss/messages.js';
import { DEFAULT_RECALL } from '../../memory/faiss/package-index.js';
import { AUTO_INDEX_ENTRIES } from '../../memory/search-choice.js';
import { memoryIndexTask } from '../../tasks/memory-index.js';
import { EXIT_CODES_HELP } from '../exit-codes.js';
import { integerBetween, numberBetween } from '../options.js';
import { runWithProgress } from '../memory-tasks.js';
import type { CliContext } from '../context.js';

interface IndexCommandOptions {
  readonly kind: IndexKind;
  readonly recall: number;
  readonly lists?: number;
  readonly threads: number;
  readonly remove?: true;
  readonly json?: true;
}

export function memoryIndexCommand(context: CliContext): Command {
  return new Command('index')
    .summary('build an index for a large memory, so that a search need not look at every entry')
    .description(
      'Builds an approximate index with FAISS, in a process of its own, and lists it in the package. The package can\n' +
        'be used meanwhile. Searches take the index when NEIGHBORKB_SEARCH_MODE is approximate, or is auto (the\n' +
        `default) and the memory has ${AUTO_INDEX_ENTRIES.toLocaleString('en')} entries or more. Needs faiss-node: docs/large-memories.md.`,
    )
    .argument('<name>', 'memory, or one version of it: general@1.0.0')
    .addOption(
      new Option(
        '--kind <kind>',
        'how the index keeps its vectors: whole, a byte or an eighth of a byte a component',
      )
        .choices(INDEX_KINDS)
        .default('ivf-sq8'),
    )
    .option(
      '--recall <share>',
      'share of the 32 nearest to find; as many lists are searched as that takes',
      numberBetween(0.5, 1),
      DEFAULT_RECALL,
    )
    .option(
      '--lists <count>',
      'lists of the index; the square root of the entries unless given',
      integerBetween(1, 1 << 20),
    )
    .option('--threads <count>', 'threads to build with', integerBetween(1, 64), 2)
    .option('--remove', 'take the index away instead')
    .option('--json', 'what was built, as JSON')
    .addHelpText('after', EXAMPLES + EXIT_CODES_HELP)
    .action((name: string, options: IndexCommandOptions) => run(context, name, options));
}

const EXAMPLES = `
Examples:
  $ neighborkb memory index wiki20m --kind ivf-sq8
  $ neighborkb memory index wiki20m --remove
`;

async function run({ io }: CliContext, name: string, options: IndexCommandOptions): Promise<void> {
  const { remove, json, ...build } = options;
  const input = remove
    ? { operation: 'remove', memory: name }
    : { operation: 'build', memory: name, ...build };
  const result = await runWithProgress(io, memoryIndexTask(loadConfig()), input, 'entries');
  if (json) return io.stdout.line(JSON.stringify(result));
  const { memory, index } = result;
  await io.stdout.line(
    index === null
      ? `${memory}: index removed`
      : `${memory}: ${index.kind} of ${index.lists} lists, ${index.probes} of them searched; ` +
          `finds ${(100 * index.recall).toFixed(1)}% of the 32 nearest of ${index.measuredOn} entries`,
  );
}
