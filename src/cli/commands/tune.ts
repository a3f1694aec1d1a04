import { writeFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { loadConfig } from '../../config.js';
import type { MentionSource } from '../../evaluation/bench.js';
import { tuneTables } from '../../evaluation/report.js';
import { tuningPage } from '../../evaluation/report-page.js';
import { SEARCHES, type Search } from '../../evaluation/tune.js';
import { profileReference } from '../../domain/profile.js';
import { profileStore } from '../../resources.js';
import { runTuning, tuneTask } from '../../tasks/tune.js';
import type { CliContext } from '../context.js';
import { EXIT_CODES_HELP } from '../exit-codes.js';
import { dataInput, runForAll, SCORING_OPTIONS, withScoring } from '../scoring-run.js';
import { repeated } from '../options.js';
import { writeJson, writeTables } from '../report-output.js';

interface TuneOptions {
  readonly memory?: readonly string[];
  readonly name: string;
  readonly out?: string;
  readonly json?: string;
  readonly html?: string;
  readonly search: Search;
  readonly mentions: MentionSource;
  readonly mapping?: string;
  readonly cache?: string;
}

export function tuneCommand(context: CliContext): Command {
  const command = new Command('tune')
    .summary('find the scoring profile that is best on annotated text')
    .description(
      'Tries k, λ, T, kernel, thresholds and, for several memories, their shares α on annotated text, and writes the\n' +
        'best as a scoring profile with a calibration for each predicate.',
    )
    .addHelpText('after', EXIT_CODES_HELP);
  command.addCommand(
    withOptions(new Command('data'))
      .summary('tune on any data set that has a reader')
      .description(
        'Encodes the texts once, searches each memory once at the largest k, and tries all settings on those numbers.\n' +
          "What a data set's labels mean is said by a mapping; KnowledgeNet's and DocRED's are known.",
      )
      .argument('<data>', 'FORMAT:FILE[,FILE]... or the files alone')
      .addHelpText('after', EXAMPLES + EXIT_CODES_HELP)
      .action((data: string, options: TuneOptions) => tune(context, data, options)),
  );
  command.addCommand(
    withOptions(new Command('knowledgenet'))
      .summary('tune on KnowledgeNet passages: the same as `tune data knowledgenet:<file>`')
      .argument('<file>', 'passages as JSON lines: text, properties, facts')
      .addHelpText('after', EXAMPLES + EXIT_CODES_HELP)
      .action((file: string, options: TuneOptions) => tune(context, `knowledgenet:${file}`, options)),
  );
  return command;
}

function withOptions(command: Command): Command {
  return command
    .option('--memory <name>', 'memory that votes; may be repeated (default: general)', repeated)
    .option('--name <name>', 'name of the profile; its next version is made', 'general')
    .addOption(
      new Option(
        '--search <how>',
        'all settings, one coordinate after the other, or a few settings far apart',
      )
        .choices(SEARCHES)
        .default('full'),
    )
    .addOption(SCORING_OPTIONS.mentions())
    .addOption(SCORING_OPTIONS.mapping())
    .option('--out <file>', 'write the profile to a file instead of keeping it')
    .option('--json <file>', 'write the report as JSON')
    .option('--html <file>', 'write the report as a page with heat maps')
    .addOption(SCORING_OPTIONS.cache());
}

const EXAMPLES = `
Examples:
  $ neighborkb tune knowledgenet dev.jsonl --memory general --html tuning.html
  $ neighborkb tune data conll04:dev.txt --mapping conll04.json --mentions gold --name news --search greedy
  $ neighborkb tune data docred:dev.json --memory general --memory mine --name both --cache .cache
`;

async function tune({ io }: CliContext, data: string, options: TuneOptions): Promise<void> {
  const config = loadConfig();
  const input = {
    ...(await dataInput(data, options)),
    name: options.name,
    memories: options.memory ?? ['general'],
    search: options.search,
  };
  await withScoring(config, options.cache, async (tools, { schema }) => {
    // The task would keep the profile; here it may go to a file.
    const { profile, report } = await runForAll(
      io,
      tuneTask(tools),
      (own, running) => runTuning(tools, own, running),
      input,
    );
    const stored = options.out === undefined ? await profileStore(config).create(profile) : profile;
    if (options.out !== undefined) await writeJson(options.out, profile);
    const tables = tuneTables(report, schema);
    if (options.json !== undefined) await writeJson(options.json, { profile: stored, ...report });
    if (options.html !== undefined)
      await writeFile(options.html, tuningPage(profileReference(stored), report, tables));
    await writeTables(io, tables);
    await io.stderr.line(`wrote ${options.out ?? `profile ${profileReference(stored)}`}`);
  });
}
