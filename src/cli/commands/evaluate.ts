import { Command, Option } from 'commander';
import { loadConfig } from '../../config.js';
import { TOKEN_JOININGS, type TokenJoining } from '../../datasets/token-joining.js';
import { readAnnotatedDocuments } from '../../evaluation/annotated-documents.js';
import { readKnowledgeNetPassages } from '../../evaluation/judged-passages.js';
import { evaluateKnowledgeNet } from '../../evaluation/knowledgenet.js';
import { evaluateReDocRed } from '../../evaluation/redocred.js';
import { requireFacts } from '../../evaluation/passages.js';
import { knowledgeNetTables, reDocRedTables } from '../../evaluation/report.js';
import { EXIT_CODES_HELP } from '../exit-codes.js';
import { dataCommand } from './evaluate-data.js';
import { addScoringOptions, overridesOf, type ScoringOptions } from '../options.js';
import { reportTo, startProgress } from '../progress.js';
import { writeJson, writeTables } from '../report-output.js';
import { type Extraction, openExtraction } from '../../resources.js';
import type { CliContext } from '../context.js';

interface ReportOptions extends ScoringOptions {
  readonly json?: string;
}

interface KnowledgeNetOptions extends ReportOptions {
  readonly goldMentions?: true;
}

interface ReDocRedOptions extends ReportOptions {
  readonly tokens: TokenJoining;
}

export function evaluateCommand(context: CliContext): Command {
  const command = new Command('evaluate')
    .summary('score the extraction on annotated text')
    .description('Runs annotated text through the same extraction as `extract` and scores what comes out.')
    .addHelpText('after', EXIT_CODES_HELP);
  const knowledgeNet = command
    .command('knowledgenet')
    .summary('text F1 on KnowledgeNet passages')
    .description(
      'Text F1 (spans overlap, and exact) from raw text, with the profile, with the classifier alone (λ = 0) and\n' +
        'with the neighbours alone (λ = 1), all from one pass of the encoder.',
    )
    .argument('<file>', 'passages as JSON lines: documentId, text, properties, facts')
    .option('--gold-mentions', 'give the annotated spans as mentions, beside the detected ones')
    .option('--json <file>', 'write the report as JSON');
  addScoringOptions(knowledgeNet)
    .addHelpText('after', KNOWLEDGENET_EXAMPLES + EXIT_CODES_HELP)
    .action((file: string, options: KnowledgeNetOptions) => knowledgeNetReport(context, file, options));
  const reDocRed = command
    .command('redocred')
    .summary('mention F1 and relation F1 on Re-DocRED documents')
    .description('Mention F1 from raw text, and relation F1 with the annotated mentions.')
    .argument('<file>', 'documents as a JSON array: sents, vertexSet, labels')
    .addOption(
      new Option('--tokens <joining>', 'how tokens become text: as people write, or with spaces between all')
        .choices(TOKEN_JOININGS)
        .default('natural'),
    )
    .option('--json <file>', 'write the report as JSON');
  addScoringOptions(reDocRed)
    .addHelpText('after', REDOCRED_EXAMPLES + EXIT_CODES_HELP)
    .action((file: string, options: ReDocRedOptions) => reDocRedReport(context, file, options));
  command.addCommand(dataCommand(context));
  return command;
}

const KNOWLEDGENET_EXAMPLES = `
Examples:
  $ neighborkb evaluate knowledgenet dev.jsonl
  $ neighborkb evaluate knowledgenet dev.jsonl --gold-mentions --json report.json
`;
const REDOCRED_EXAMPLES = `
Examples:
  $ neighborkb evaluate redocred dev.json --json report.json
`;

async function knowledgeNetReport(
  { io }: CliContext,
  file: string,
  options: KnowledgeNetOptions,
): Promise<void> {
  const extraction = await openFor(options);
  try {
    const { schema, memories, detector, profile } = extraction;
    const passages = await readKnowledgeNetPassages(file, schema);
    requireFacts(passages, file, [file]);
    const progress = startProgress(io, 'extract', 'passages');
    const report = await evaluateKnowledgeNet(
      {
        ...contextOf(extraction, reportTo(io, progress)),
        memory: (name) => memories.open(name),
        pronouns: detector.pronouns,
      },
      passages,
      profile,
      { goldMentions: options.goldMentions === true },
    );
    progress.end();
    if (options.json !== undefined) await writeJson(options.json, report);
    await writeTables(io, knowledgeNetTables(report, schema));
  } finally {
    await extraction.close();
  }
}

async function reDocRedReport({ io }: CliContext, file: string, options: ReDocRedOptions): Promise<void> {
  const extraction = await openFor(options);
  try {
    const { schema, profile } = extraction;
    const documents = await readAnnotatedDocuments(file, schema, options.tokens);
    const progress = startProgress(io, 'extract', 'documents');
    const context = contextOf(extraction, reportTo(io, progress));
    const report = await evaluateReDocRed(context, documents, profile);
    progress.end();
    if (options.json !== undefined) await writeJson(options.json, report);
    await writeTables(io, reDocRedTables(report, schema));
  } finally {
    await extraction.close();
  }
}

function openFor(options: ScoringOptions): Promise<Extraction> {
  return openExtraction(loadConfig(), {
    ...(options.profile === undefined ? {} : { profile: options.profile }),
    overrides: overridesOf(options),
    // Scores must not depend on an index, which may miss an entry.
    searchMode: 'exact',
  });
}

function contextOf(
  { extractor, schema, encoder }: Extraction,
  onProgress: (done: number, total: number) => void,
): Pick<Extraction, 'extractor' | 'schema'> & {
  readonly labels: readonly string[];
  readonly onProgress: (done: number, total: number) => void;
} {
  return { extractor, schema, labels: encoder.labels, onProgress };
}
