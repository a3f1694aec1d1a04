import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Argument, Command, Option } from 'commander';
import { type DatasetDescription, describeDataset, type Split } from '../../datasets/describe.js';
import { type FormatOrAuto, openDataset } from '../../datasets/open.js';
import { DATASET_FORMATS } from '../../datasets/ports.js';
import { placeName } from '../../datasets/reading.js';
import { TOKEN_JOININGS, type TokenJoining } from '../../datasets/token-joining.js';
import { splitSentences } from '../../extraction/sentences.js';
import { EXIT_CODES_HELP } from '../exit-codes.js';
import { datasetTables } from '../formats/dataset-tables.js';
import { reportTo, startProgress } from '../progress.js';
import { writeTables } from '../report-output.js';
import type { CliContext } from '../context.js';

interface DescribeOptions {
  readonly tokens: TokenJoining;
  readonly json?: true;
}

export function datasetCommand(context: CliContext): Command {
  const command = new Command('dataset')
    .summary('look into labelled data before it becomes a memory or a benchmark')
    .description('Reads labelled data in the forms in which people have it; docs/datasets.md describes them.')
    .addHelpText('after', EXIT_CODES_HELP);
  command
    .command('describe')
    .summary('counts by label, NIL share, lengths, mentions by type, overlaps between splits')
    .description(
      'Counts what labelled data holds. Each file (or folder, for i2b2 and brat) is a split of its own: what two\n' +
        'of them share is counted. NIL are the ordered pairs of a sentence that hold no relation.',
    )
    .addArgument(
      new Argument('<format>', 'form of the data; auto: what it looks like').choices([
        'auto',
        ...DATASET_FORMATS,
      ]),
    )
    .argument('<files...>', 'files or folders, one a split')
    .addOption(
      new Option('--tokens <joining>', 'how lists of tokens become text')
        .choices(TOKEN_JOININGS)
        .default('spaced'),
    )
    .option('--json', 'the description as JSON')
    .addHelpText('after', EXAMPLES + EXIT_CODES_HELP)
    .action((format: FormatOrAuto, files: string[], options: DescribeOptions) =>
      describe(context, format, files, options),
    );
  return command;
}

const EXAMPLES = `
Examples:
  $ neighborkb dataset describe pure train.json dev.json test.json
  $ neighborkb dataset describe auto wiki80_train.txt --json | jq '.splits[0].pairs.nilShare'
`;

async function describe(
  { io }: CliContext,
  format: FormatOrAuto,
  files: readonly string[],
  options: DescribeOptions,
): Promise<void> {
  const total = await bytesBelow(files);
  const progress = startProgress(io, 'read', 'bytes');
  const report = reportTo(io, progress);
  let done = 0;
  const skipped: string[] = [];
  const splits: Split[] = [];
  for (const file of files) {
    const texts = await openDataset(format, file, {
      tokens: options.tokens,
      onBytes: (bytes) => {
        report((done += bytes), total);
      },
      onSkipped: (place, reason) => skipped.push(`${placeName(place)}: left out, ${reason}`),
    });
    splits.push({ name: file, texts });
  }
  const description = await describeDataset(splits, splitSentences);
  progress.end();
  await tellSkipped(io, skipped);
  await print(io, description, options.json === true);
}

/** The first few by place, the rest by number. */
async function tellSkipped({ stderr }: CliContext['io'], skipped: readonly string[]): Promise<void> {
  for (const line of skipped.slice(0, SHOWN)) await stderr.line(line);
  if (skipped.length > SHOWN) await stderr.line(`${skipped.length - SHOWN} more texts were left out`);
}

const SHOWN = 5;

async function print(io: CliContext['io'], description: DatasetDescription, json: boolean): Promise<void> {
  if (json) await io.stdout.line(JSON.stringify(description, null, 2));
  else await writeTables(io, datasetTables(description));
}

/** Bytes of the files, and of all files in the folders; what is not there counts nothing, its reader complains. */
async function bytesBelow(paths: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const path of paths) {
    const found = await stat(path).catch(() => null);
    if (found?.isDirectory())
      bytes += await bytesBelow((await readdir(path)).map((name) => join(path, name)));
    else bytes += found?.size ?? 0;
  }
  return bytes;
}
