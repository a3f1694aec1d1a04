import { Command } from 'commander';
import { loadConfig } from '../../config.js';
import { memoryStatistics, type Share } from '../../memory/statistics.js';
import { projectMemory } from '../../memory/projection/project-memory.js';
import { AUDIT_DEFAULTS } from '../../memory/audit/audit.js';
import { readSchema } from '../../resources.js';
import { memoryAuditTask } from '../../tasks/memory-audit.js';
import { memoryExportTask, memoryImportTask } from '../../tasks/memory-exchange.js';
import { existingPath, openMemoryTools, outputPath } from '../../tasks/open-memory-tools.js';
import type { CliContext } from '../context.js';
import { EXIT_CODES_HELP } from '../exit-codes.js';
import { table } from '../formats/table.js';
import { runWithProgress } from '../memory-tasks.js';
import { integerBetween, numberBetween } from '../options.js';

/** Commands that look into a memory, and carry its entries out and in. */
export function memoryContentCommands(context: CliContext): Command[] {
  return [
    auditCommand(context),
    statisticsCommand(context),
    projectionCommand(context),
    exportCommand(context),
    importCommand(context),
  ];
}

function auditCommand({ io }: CliContext): Command {
  return new Command('audit')
    .summary('look for entries that are doubled, mislabelled or in the way, and labels without cover')
    .description(
      'Asks the neighbours of every entry, the entry left out. Writes a JSON line for each finding, with a suggestion and\n' +
        'an "action" to fill in; `memory apply` makes a version of what was decided. It changes nothing itself.',
    )
    .argument('<memory>', 'name or name@version')
    .requiredOption('--out <file>', 'where the findings go')
    .option('--k <count>', 'neighbours that are asked', integerBetween(5, 256), AUDIT_DEFAULTS.k)
    .option(
      '--agreement <share>',
      'share of them that must agree on another label',
      numberBetween(0.5, 1),
      AUDIT_DEFAULTS.agreement,
    )
    .option(
      '--minimum-entries <count>',
      'a label with fewer entries is without cover',
      integerBetween(1, 1_000_000),
      AUDIT_DEFAULTS.minimumEntries,
    )
    .option('--json', 'print the counts as JSON')
    .addHelpText(
      'after',
      `\nExamples:\n  $ neighborkb memory audit general --out findings.jsonl\n${EXIT_CODES_HELP}`,
    )
    .action(
      async (
        memory: string,
        {
          json,
          ...options
        }: { out: string; k: number; agreement: number; minimumEntries: number; json?: true },
      ) => {
        const config = loadConfig();
        const tools = { memoriesDir: config.memoriesDir, schema: await readSchema(config), outputPath };
        const result = await runWithProgress(io, memoryAuditTask(tools), { memory, ...options }, 'entries');
        if (json) return io.stdout.line(JSON.stringify(result));
        const rows = Object.entries(result.findings).map(([kind, count]) => [kind, String(count)]);
        await io.stdout.write(table(['finding', 'count'], rows));
        await io.stderr.line(`wrote ${options.out}`);
      },
    );
}

function statisticsCommand({ io }: CliContext): Command {
  return new Command('stats')
    .summary('what a memory is made of: entries by label, origin and types')
    .argument('<memory>', 'name or name@version')
    .option('--json', 'as JSON')
    .addHelpText('after', EXIT_CODES_HELP)
    .action(async (memory: string, { json }: { json?: true }) => {
      const found = await memoryStatistics(loadConfig().memoriesDir, memory);
      if (json) return io.stdout.line(JSON.stringify(found));
      const { manifest, texts, byLabel, byOrigin, byTypes } = found;
      await io.stdout.line(`${manifest.entries} entries in ${texts} texts\n`);
      const rows = (shares: readonly Share[]): string[][] =>
        shares.map(({ key, entries }) => [
          key,
          String(entries),
          `${((100 * entries) / Math.max(1, manifest.entries)).toFixed(1)}%`,
        ]);
      for (const [what, shares] of [
        ['label', byLabel],
        ['origin', byOrigin],
        ['types', byTypes],
      ] as const)
        await io.stdout.write(`${table([what, 'entries', 'share'], rows(shares))}\n`);
    });
}

function projectionCommand({ io }: CliContext): Command {
  return new Command('project')
    .summary('the entries in the plane in which they differ most (PCA), for plotting')
    .description('Writes a CSV row an entry: id, label, x, y. Of a larger memory every n-th entry is taken.')
    .argument('<memory>', 'name or name@version')
    .option('--limit <count>', 'most entries', integerBetween(1, 20_000), 5_000)
    .addHelpText(
      'after',
      `\nExamples:\n  $ neighborkb memory project general > plane.csv\n${EXIT_CODES_HELP}`,
    )
    .action(async (memory: string, { limit }: { limit: number }) => {
      const { points, explained, entries } = await projectMemory(loadConfig().memoriesDir, memory, limit);
      await io.stdout.line('entry,label,x,y');
      for (const { entry, x, y } of points) await io.stdout.line(`${entry.id},${entry.label},${x},${y}`);
      const [first, second] = explained.map((share) => `${(100 * share).toFixed(1)}%`);
      await io.stderr.line(
        `${points.length} of ${entries} entries; x and y explain ${first} and ${second} of the variance`,
      );
    });
}

function exportCommand({ io }: CliContext): Command {
  return new Command('export')
    .summary('write the entries of a memory as JSON lines')
    .argument('<memory>', 'name or name@version')
    .argument('<file>', 'where they go')
    .addHelpText(
      'after',
      `\nExamples:\n  $ neighborkb memory export general general.jsonl\n${EXIT_CODES_HELP}`,
    )
    .action(async (memory: string, out: string) => {
      const task = memoryExportTask({ memoriesDir: loadConfig().memoriesDir, outputPath });
      const result = await runWithProgress(io, task, { memory, out }, 'entries');
      await io.stdout.line(`${out}: ${result.entries} entries of ${result.memory}`);
    });
}

function importCommand({ io }: CliContext): Command {
  return new Command('import')
    .summary('build a memory from exported entries; their keys are encoded again')
    .argument('<name>', 'the memory that gets the version')
    .argument('<file>', 'entries as JSON lines: text, subject, object, label, origin')
    .option('--labels <which>', 'any: also labels that nothing knows; such a memory is not served', 'known')
    .option('--release <version>', 'version of the package (default: the one after the newest)')
    .option('--description <text>', 'what it holds, for people')
    .option('--license <name>', 'licence of its entries')
    .option('--raw', 'take distances of representations as they are, not of length 1')
    .option('--key-type <type>', 'how keys are kept: int8, float16 or float32')
    .addHelpText(
      'after',
      `\nExamples:\n  $ neighborkb memory import mine entries.jsonl --license MIT\n${EXIT_CODES_HELP}`,
    )
    .action(
      async (
        name: string,
        file: string,
        { release, raw, ...rest }: { release?: string; raw?: true; [option: string]: unknown },
      ) => {
        const config = loadConfig();
        const tools = await openMemoryTools(config, await readSchema(config));
        try {
          const input = {
            ...rest,
            name,
            file: await existingPath(file),
            version: release,
            normalised: raw !== true,
          };
          const result = await runWithProgress(io, memoryImportTask(tools), input, 'entries');
          await io.stdout.line(`${result.memory}: ${result.entries} entries`);
        } finally {
          await tools.close();
        }
      },
    );
}
