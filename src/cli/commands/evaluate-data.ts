import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { loadConfig } from '../../config.js';
import type { MentionSource } from '../../evaluation/bench.js';
import { comparisonTables } from '../../evaluation/comparison-tables.js';
import { evaluationPage } from '../../evaluation/report-page.js';
import { evaluateTask, runEvaluation } from '../../tasks/evaluate.js';
import type { CliContext } from '../context.js';
import { EXIT_CODES_HELP } from '../exit-codes.js';
import { writeJson, writeTables } from '../report-output.js';
import { dataInput, runForAll, SCORING_OPTIONS, withScoring } from '../scoring-run.js';

interface DataOptions {
  readonly profile?: string;
  readonly mentions: MentionSource;
  readonly mapping?: string;
  readonly json?: string;
  readonly html?: string;
  readonly cache?: string;
}

/** `evaluate data`: a profile beside its parts on any data set. */
export function dataCommand(context: CliContext): Command {
  return new Command('data')
    .summary('a profile beside its parts on any data set that has a reader')
    .description(
      'Scores the classifier, the neighbours alone, each memory alone and the profile side by side: micro and macro F1\n' +
        'with intervals and a paired test, by relation, by support, calibration, confusions, and the worst errors with\n' +
        'the examples that voted for them.',
    )
    .argument('<data>', 'FORMAT:FILE[,FILE]... or the files alone')
    .option('--profile <name>', 'scoring profile: name, or name@version (default: the configured one)')
    .addOption(SCORING_OPTIONS.mentions())
    .addOption(SCORING_OPTIONS.mapping())
    .option('--json <file>', 'write the report as JSON')
    .option('--html <file>', 'write the report as one self-contained page')
    .addOption(SCORING_OPTIONS.cache())
    .addHelpText('after', EXAMPLES + EXIT_CODES_HELP)
    .action((data: string, options: DataOptions) => evaluate(context, data, options));
}

const EXAMPLES = `
Examples:
  $ neighborkb evaluate data knowledgenet:dev.jsonl --html report.html
  $ neighborkb evaluate data docred:dev.json --mentions gold --profile general@1 --json report.json
`;

async function evaluate({ io }: CliContext, data: string, options: DataOptions): Promise<void> {
  const config = loadConfig();
  const input = {
    ...(await dataInput(data, options)),
    profile: options.profile ?? config.profile,
  };
  await withScoring(config, options.cache, async (tools, { schema }) => {
    const report = await runForAll(
      io,
      evaluateTask(tools),
      (own, running) => runEvaluation(tools, own, running),
      input,
    );
    const tables = comparisonTables(report, (label) => `${schema.get(label)?.name ?? ''} ${label}`.trim());
    if (options.json !== undefined) await writeJson(options.json, report);
    if (options.html !== undefined) await writeFile(options.html, evaluationPage(report, tables));
    await writeTables(io, tables);
  });
}
