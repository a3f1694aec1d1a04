import { writeFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { loadConfig } from '../../config.js';
import { parseDatasetReference } from '../../datasets/open.js';
import { MENTION_SOURCES, type MentionSource } from '../../evaluation/bench.js';
import type { EvaluationReport } from '../../evaluation/comparison.js';
import { comparisonTables } from '../../evaluation/comparison-tables.js';
import { evaluationPage } from '../../evaluation/report-page.js';
import { openExtraction } from '../../resources.js';
import { type EvaluateInput, evaluateTask, runEvaluation } from '../../tasks/evaluate.js';
import { scoringTools } from '../../tasks/scoring-handlers.js';
import type { CliContext } from '../context.js';
import { EXIT_CODES_HELP } from '../exit-codes.js';
import { runWithProgress } from '../memory-tasks.js';
import { writeJson, writeTables } from '../report-output.js';
import { readMapping, YOUR_FILES } from '../scoring-files.js';

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
    .addOption(
      new Option('--mentions <from>', 'detected in raw text, or the annotated ones')
        .choices(MENTION_SOURCES)
        .default('detected'),
    )
    .option('--mapping <file>', "what the data set's labels and types mean here, as JSON")
    .option('--json <file>', 'write the report as JSON')
    .option('--html <file>', 'write the report as one self-contained page')
    .option('--cache <dir>', 'folder for encodings: a second run needs no encoder')
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
  const { format, paths } = parseDatasetReference(data);
  const mapping = await readMapping(options.mapping);
  const extraction = await openExtraction(config, { profile: null });
  try {
    const tools = scoringTools(config, extraction, YOUR_FILES, options.cache);
    let report: EvaluationReport | null = null;
    const handler = {
      ...evaluateTask(tools),
      run: async (input: EvaluateInput, context: Parameters<typeof runEvaluation>[2]) => {
        report = await runEvaluation(tools, input, context);
        return {};
      },
    };
    const input = {
      format,
      files: paths,
      mentions: options.mentions,
      profile: options.profile ?? config.profile,
      ...(mapping === undefined ? {} : { mapping }),
    };
    await runWithProgress(io, handler, input, 'done');
    const found = report as unknown as EvaluationReport; // set by run, or it threw
    const { schema } = extraction;
    const tables = comparisonTables(found, (label) => `${schema.get(label)?.name ?? ''} ${label}`.trim());
    if (options.json !== undefined) await writeJson(options.json, found);
    if (options.html !== undefined) await writeFile(options.html, evaluationPage(found, tables));
    await writeTables(io, tables);
  } finally {
    await extraction.close();
  }
}
