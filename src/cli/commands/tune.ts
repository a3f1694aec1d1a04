import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Command } from 'commander';
import { loadConfig } from '../../config.js';
import { parseProfile } from '../../domain/profile.js';
import { readKnowledgeNet } from '../../evaluation/knowledgenet-reader.js';
import { tuneTables } from '../../evaluation/report.js';
import { tuneOnKnowledgeNet } from '../../evaluation/tune.js';
import { EXIT_CODES_HELP } from '../exit-codes.js';
import { repeated } from '../options.js';
import { reportTo, startProgress } from '../progress.js';
import { all, writeJson, writeTables } from '../report-output.js';
import { openExtraction, profileFile, untunedProfile } from '../../resources.js';
import type { CliContext } from '../context.js';

interface TuneOptions {
  readonly memory?: readonly string[];
  readonly name: string;
  readonly out?: string;
  readonly json?: string;
}

export function tuneCommand(context: CliContext): Command {
  const command = new Command('tune')
    .summary('find the scoring profile that is best on annotated text')
    .description(
      'Tries k, λ, T, kernel and thresholds on annotated text and writes the best as a scoring profile.',
    )
    .addHelpText('after', EXIT_CODES_HELP);
  command
    .command('knowledgenet')
    .summary('tune on KnowledgeNet passages')
    .description(
      'Encodes the passages once, searches the memories once, tries the grid of settings, and writes the profile\n' +
        'with the best text F1 (overlap), its confidence calibrated on the same passages.',
    )
    .argument('<file>', 'passages as JSON lines: text, properties, facts')
    .option(
      '--memory <name>',
      'memory that votes; may be repeated, the shares are equal (default: general)',
      repeated,
    )
    .option('--name <name>', 'name of the profile', 'general')
    .option('--out <file>', 'where to write the profile (default: models/profiles/<name>.json)')
    .option('--json <file>', 'write the report with the best rows of the grid')
    .addHelpText('after', EXAMPLES + EXIT_CODES_HELP)
    .action((file: string, options: TuneOptions) => tune(context, file, options));
  return command;
}

const EXAMPLES = `
Examples:
  $ neighborkb tune knowledgenet dev.jsonl --memory general --json tuning.json
`;

async function tune({ io }: CliContext, file: string, options: TuneOptions): Promise<void> {
  const config = loadConfig();
  const out = options.out ?? profileFile(config, options.name);
  const extraction = await openExtraction(config, { profile: null });
  try {
    const { schema, encoder, extractor } = extraction;
    const passages = await all(readKnowledgeNet(file, schema));
    const memories = await Promise.all(
      (options.memory ?? ['general']).map((name) => extraction.memories.open(name)),
    );
    const encoding = startProgress(io, 'encode', 'passages');
    const grid = startProgress(io, 'grid', 'votes');
    const reportGrid = reportTo(io, grid);
    const base = untunedProfile(options.name, encoder.model);
    const { profile, report } = await tuneOnKnowledgeNet(
      {
        extractor,
        schema,
        labels: encoder.labels,
        memories,
        onProgress: reportTo(io, encoding),
        onStep: (step, done, total) => {
          if (step === 'grid') reportGrid(done, total);
        },
      },
      passages,
      { ...base, version: await nextVersion(out) },
      `${basename(file)} (${passages.length} passages)`,
    );
    encoding.end();
    grid.end();
    await writeJson(out, profile);
    if (options.json !== undefined) await writeJson(options.json, { profile, ...report });
    await writeTables(io, tuneTables(report, schema));
    await io.stderr.line(`wrote ${out}`);
  } finally {
    await extraction.close();
  }
}

/** Stored predictions name their profile with its version: a profile that is tuned again is another one. */
async function nextVersion(path: string): Promise<number> {
  try {
    return parseProfile(JSON.parse(await readFile(path, 'utf8'))).version + 1;
  } catch {
    return 1; // none yet, or none that could be read: it is replaced
  }
}
