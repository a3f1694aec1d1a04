import { join } from 'node:path';
import { Command, Option } from 'commander';
import { loadConfig } from '../../config.js';
import { OnnxRelationEncoder } from '../../inference/onnx-relation-encoder.js';
import { buildMemory } from '../../memory/build.js';
import { listMemories, memoryDirectory, memoryManifest } from '../../memory/registry.js';
import { readPackage } from '../../memory/package.js';
import { EXIT_CODES_HELP } from '../exit-codes.js';
import { predicateName } from '../formats/extract-contract.js';
import { table } from '../formats/table.js';
import { integerBetween, repeated } from '../options.js';
import { reportTo, startProgress } from '../progress.js';
import { readSchema } from '../resources.js';
import type { CliContext } from '../context.js';

export function memoryCommand(context: CliContext): Command {
  const command = new Command('memory')
    .summary('build and read memories: the labelled examples that vote')
    .description(
      'A memory is a folder of memories/: recipe.json and source/*.jsonl, and the package built of them.',
    )
    .addHelpText('after', EXIT_CODES_HELP);
  command
    .command('build')
    .summary('build the package of a memory from its labelled sentences')
    .description(
      'Encodes the sentences in memories/<name>/source/*.jsonl with the relation encoder and writes the package.\n' +
        'The same sources and model give the same package. A memory belongs to one encoder: build it again when\n' +
        'the encoder changes.',
    )
    .argument('<name>', 'folder in memories/')
    .addOption(new Option('--nil <which>', 'NIL entries, in place of the recipe').choices(['listed', 'all']))
    .addHelpText('after', `\nExamples:\n  $ neighborkb memory build general\n${EXIT_CODES_HELP}`)
    .action((name: string, options: { nil?: 'listed' | 'all' }) => build(context, name, options));
  command
    .command('list')
    .summary('the memories that are built')
    .option('--json', 'their manifests, one JSON line a memory')
    .addHelpText('after', EXIT_CODES_HELP)
    .action((options: { json?: true }) => list(context, options));
  command
    .command('show')
    .summary('entries of a memory')
    .argument('<name>', 'folder in memories/')
    .option('--label <id>', 'entries with this label alone; may be repeated', repeated)
    .option('--text <text>', 'entries whose text holds this, in any letter case')
    .option('--origin <origin>', 'entries that come from there')
    .option('--limit <count>', 'at most so many entries', integerBetween(1, 1_000_000), 20)
    .option('--json', 'one JSON line an entry')
    .addHelpText(
      'after',
      `\nExamples:\n  $ neighborkb memory show general --label P26 --limit 5\n${EXIT_CODES_HELP}`,
    )
    .action((name: string, options: ShowOptions) => show(context, name, options));
  return command;
}

interface ShowOptions {
  readonly label?: readonly string[];
  readonly text?: string;
  readonly origin?: string;
  readonly limit: number;
  readonly json?: true;
}

async function build({ io }: CliContext, name: string, { nil }: { nil?: 'listed' | 'all' }): Promise<void> {
  const config = loadConfig();
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

async function list({ io }: CliContext, { json }: { json?: true }): Promise<void> {
  const { memoriesDir } = loadConfig();
  const names = await listMemories(memoriesDir);
  const manifests = await Promise.all(names.map((name) => memoryManifest(memoriesDir, name)));
  if (json) {
    for (const manifest of manifests) await io.stdout.line(JSON.stringify(manifest));
    return;
  }
  const rows = manifests.map(({ name, version, entries, countsByLabel, model, description }) => [
    `${name}@${version}`,
    String(entries),
    String(Object.keys(countsByLabel).length),
    model,
    description,
  ]);
  await io.stdout.write(table(['memory', 'entries', 'labels', 'encoder', 'description'], rows));
}

async function show({ io }: CliContext, name: string, options: ShowOptions): Promise<void> {
  const config = loadConfig();
  const schema = await readSchema(config);
  const { entries } = await readPackage(memoryDirectory(config.memoriesDir, name));
  const wanted = options.text?.toLowerCase();
  const matching = entries.filter(
    ({ label, text, origin }) =>
      (options.label === undefined || options.label.includes(label)) &&
      (wanted === undefined || text.toLowerCase().includes(wanted)) &&
      (options.origin === undefined || origin === options.origin),
  );
  const shown = matching.slice(0, options.limit);
  if (options.json) {
    for (const entry of shown) await io.stdout.line(JSON.stringify(entry));
    return;
  }
  const rows = shown.map(({ label, text, subject, object, origin }) => [
    `${predicateName(schema, label)} ${label}`,
    text.slice(subject.start, subject.end),
    text.slice(object.start, object.end),
    text,
    origin,
  ]);
  const widths = [24, 20, 20, Math.max(40, io.stdout.columns - 92), 24];
  await io.stdout.write(table(['label', 'subject', 'object', 'text', 'origin'], rows, { widths }));
  await io.stderr.line(
    `${shown.length} of ${matching.length} entries that match; the memory holds ${entries.length}`,
  );
}
