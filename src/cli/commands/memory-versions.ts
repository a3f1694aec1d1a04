import { Command, Option } from 'commander';
import { loadConfig } from '../../config.js';
import { NeighborKbError } from '../../domain/errors.js';
import { FINDING_KINDS } from '../../memory/audit/findings.js';
import { KEY_TYPES } from '../../memory/key-codec.js';
import { listVersions } from '../../memory/shelf.js';
import { compareMemories } from '../../memory/versions/compare.js';
import { memoryDeriveTask } from '../../tasks/memory-derive.js';
import { existingPath } from '../../tasks/open-memory-tools.js';
import { readSchema } from '../../resources.js';
import type { CliContext } from '../context.js';
import { EXIT_CODES_HELP } from '../exit-codes.js';
import { shorten, table } from '../formats/table.js';
import { runWithProgress } from '../memory-tasks.js';
import { integerBetween, repeated } from '../options.js';

/** Commands that list, compare and make versions of a memory. Every change is a new version. */
export function memoryVersionCommands(context: CliContext): Command[] {
  return [
    versionsCommand(context),
    compareCommand(context),
    applyCommand(context),
    dropCommand(context),
    mergeCommand(context),
    compactCommand(context),
  ];
}

function versionsCommand({ io }: CliContext): Command {
  return new Command('versions')
    .summary('the versions of a memory, oldest first')
    .argument('<name>', 'the memory')
    .option('--json', 'their manifests, one JSON line a version')
    .addHelpText('after', EXIT_CODES_HELP)
    .action(async (name: string, { json }: { json?: true }) => {
      const { memoriesDir } = loadConfig();
      const versions = await listVersions(memoriesDir, name);
      if (versions.length === 0)
        throw new NeighborKbError('MEMORY_MISSING', `${memoriesDir} has no memory ${name}`, ['name']);
      if (json) for (const { manifest } of versions) await io.stdout.line(JSON.stringify(manifest));
      else {
        const rows = versions.map(({ manifest: { version, entries, countsByLabel, model, built } }) => [
          version,
          String(entries),
          String(Object.keys(countsByLabel).length),
          model,
          built?.by ?? 'sentences',
        ]);
        await io.stdout.write(table(['version', 'entries', 'labels', 'encoder', 'built from'], rows));
      }
    });
}

function compareCommand({ io }: CliContext): Command {
  return new Command('compare')
    .summary('what differs between two memories or versions')
    .argument('<before>', 'name or name@version')
    .argument('<after>', 'name or name@version')
    .option('--limit <count>', 'entries shown of each kind', integerBetween(0, 1_000_000), 10)
    .option('--json', 'all of it as JSON')
    .addHelpText(
      'after',
      `\nExamples:\n  $ neighborkb memory compare general@1.0.0 general@1.0.1\n${EXIT_CODES_HELP}`,
    )
    .action(async (before: string, after: string, { limit, json }: { limit: number; json?: true }) => {
      const found = await compareMemories(loadConfig().memoriesDir, before, after);
      if (json) return io.stdout.line(JSON.stringify(found));
      const { shared, added, removed, relabelled, differences } = found;
      const rows = [
        ...added.slice(0, limit).map((entry) => ['added', entry.label, entry.text]),
        ...removed.slice(0, limit).map((entry) => ['removed', entry.label, entry.text]),
        ...relabelled
          .slice(0, limit)
          .map((pair) => ['relabelled', `${pair.before.label} to ${pair.after.label}`, pair.after.text]),
      ].map(([what = '', label = '', text = '']) => [what, label, shorten(text, 90)]);
      if (rows.length > 0) await io.stdout.write(table(['change', 'label', 'text'], rows));
      await io.stdout.line(
        `${shared} shared, ${added.length} added, ${removed.length} removed, ${relabelled.length} relabelled` +
          (differences.length === 0 ? '' : `; they differ in ${differences.join(', ')}`),
      );
    });
}

/** Ends a command that makes a version of a memory: what is common to all of them. */
function makesVersion(command: Command, example: string): Command {
  return command
    .option('--release <version>', 'version of the package (default: the one after the newest)')
    .option('--json', 'print what was made as JSON')
    .addHelpText('after', `\nExamples:\n  $ neighborkb memory ${example}\n${EXIT_CODES_HELP}`);
}

interface MakingOptions {
  readonly release?: string;
  readonly json?: true;
}

function applyCommand(context: CliContext): Command {
  const command = new Command('apply')
    .summary('make a version with what was decided about findings of an audit')
    .description(
      'Reads a file that `memory audit` wrote, in which a curator has set "action" to keep, drop or relabel ("newLabel"\n' +
        'says to what, else the suggestion does). Findings without an action stay as they are, but for the kinds that\n' +
        '--accept names: there the suggestion counts.',
    )
    .argument('<memory>', 'name or name@version')
    .argument('<findings>', 'file of findings, JSON lines')
    .addOption(
      new Option('--accept <kinds...>', 'take the suggestions of these kinds of findings').choices(
        FINDING_KINDS,
      ),
    );
  return makesVersion(command, 'apply general findings.jsonl --accept duplicate').action(
    (memory: string, findings: string, options: MakingOptions & { accept?: string[] }) =>
      derive(context, options, { operation: 'apply', memory, findings, accept: options.accept }),
  );
}

function dropCommand(context: CliContext): Command {
  const command = new Command('drop')
    .summary('make a version without some entries')
    .argument('<memory>', 'name or name@version')
    .option('--entry <id>', 'this entry; may be repeated', repeated)
    .option('--label <id>', 'entries with this label; may be repeated', repeated)
    .option(
      '--origin <origin>',
      'entries that come from there: a file, or file:line; may be repeated',
      repeated,
    );
  return makesVersion(command, 'drop general --origin people.jsonl:12').action(
    (memory: string, options: MakingOptions & { entry?: string[]; label?: string[]; origin?: string[] }) => {
      const { entry: entries, label: labels, origin: origins } = options;
      return derive(context, options, { operation: 'drop', memory, entries, labels, origins });
    },
  );
}

function mergeCommand(context: CliContext): Command {
  const command = new Command('merge')
    .summary('make a version with the entries of several memories')
    .argument('<name>', 'the memory that gets the version')
    .argument('<memories...>', 'names or name@version, of one encoder; the first decides what is not said')
    .option('--description <text>', 'what it holds, for people')
    .option('--license <name>', 'licence of its entries')
    .addOption(new Option('--key-type <type>', 'how keys are kept').choices(KEY_TYPES));
  return makesVersion(command, 'merge all general news@1.0.0').action(
    (
      name: string,
      memories: string[],
      options: MakingOptions & { description?: string; license?: string; keyType?: string },
    ) => {
      const { description, license, keyType } = options;
      return derive(context, options, { operation: 'merge', name, memories, description, license, keyType });
    },
  );
}

function compactCommand(context: CliContext): Command {
  const command = new Command('compact')
    .summary('make a smaller version: no two entries alike, keys in fewer bytes')
    .argument('<memory>', 'name or name@version')
    .addOption(new Option('--key-type <type>', 'how keys are kept').choices(KEY_TYPES));
  return makesVersion(command, 'compact news --key-type int8').action(
    (memory: string, options: MakingOptions & { keyType?: string }) =>
      derive(context, options, { operation: 'compact', memory, keyType: options.keyType }),
  );
}

/** @param input of the task, without the version */
async function derive({ io }: CliContext, options: MakingOptions, input: object): Promise<void> {
  const config = loadConfig();
  const task = memoryDeriveTask({
    memoriesDir: config.memoriesDir,
    schema: await readSchema(config),
    inputPath: existingPath,
  });
  const result = await runWithProgress(io, task, { ...input, version: options.release }, 'entries');
  if (options.json) return io.stdout.line(JSON.stringify(result));
  const { kept, relabelled, dropped, repeated: again } = result.counts;
  await io.stdout.line(
    `${result.memory}: ${result.entries} entries; ${kept} kept, ${relabelled} relabelled, ` +
      `${dropped} dropped, ${again} that were there already`,
  );
}
