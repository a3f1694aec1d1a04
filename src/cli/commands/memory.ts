import { Command } from 'commander';
import { loadConfig } from '../../config.js';
import { listMemories, locateMemory, memoryManifest } from '../../memory/shelf.js';
import { readPackage } from '../../memory/package.js';
import { EXIT_CODES_HELP } from '../exit-codes.js';
import { predicateName } from '../formats/extract-contract.js';
import { table } from '../formats/table.js';
import { integerBetween, repeated } from '../options.js';
import { readSchema } from '../../resources.js';
import type { CliContext } from '../context.js';
import { memoryContentCommands } from './memory-audit.js';
import { memoryBuildCommand } from './memory-build.js';
import { memoryVersionCommands } from './memory-versions.js';
import { memoryIndexCommand } from './memory-index.js';

export function memoryCommand(context: CliContext): Command {
  const command = new Command('memory')
    .summary('build and read memories: the labelled examples that vote')
    .description(
      'A memory is a named set of labelled examples; each of its versions is a package in memories/ that never changes.\n' +
        '`name` means the newest version, `name@1.0.0` that one.',
    )
    .addHelpText('after', EXIT_CODES_HELP);
  command.addCommand(memoryBuildCommand(context));
  for (const child of [...memoryVersionCommands(context), ...memoryContentCommands(context)])
    command.addCommand(child);
  command.addCommand(memoryIndexCommand(context));
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
  const { entries } = await readPackage(await locateMemory(config.memoriesDir, name));
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
