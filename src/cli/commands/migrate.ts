import { Command } from 'commander';
import { loadConfig } from '../../config.js';
import { migrateUp, schemaStatus, type SchemaStatus } from '../../schema-status.js';
import type { CliContext } from '../context.js';
import { EXIT_CODES_HELP } from '../exit-codes.js';
import { table } from '../formats/table.js';

interface MigrateOptions {
  readonly store?: string;
  readonly dataDir?: string;
  readonly json?: boolean;
}

export function migrateCommand(context: CliContext): Command {
  return new Command('migrate')
    .summary("show or apply the migrations of the store's schema")
    .description(
      'The schema of the store (the embedded one, or Neo4j where NEIGHBORKB_STORE names a server) and of the job\n' +
        'queue grows by numbered migrations. Every command that opens a store applies what is pending by itself;\n' +
        'these commands do it, or show it, on their own.',
    )
    .addCommand(
      subcommand('status', 'list the migrations, and which are pending; changes nothing').action(
        (options: MigrateOptions) => status(context, options),
      ),
    )
    .addCommand(
      subcommand('up', 'apply the pending migrations; safe to run again').action((options: MigrateOptions) =>
        up(context, options),
      ),
    );
}

function subcommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option(
      '--store <url>',
      'sqlite, or a server: neo4j://host:7687 (default: NEIGHBORKB_STORE, then sqlite)',
    )
    .option('--data-dir <folder>', 'folder of the embedded store and of the job queue')
    .option('--json', 'print the migrations as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ neighborkb migrate ${name}
  $ NEIGHBORKB_NEO4J_PASSWORD=… neighborkb migrate ${name} --store neo4j://localhost:7687
${EXIT_CODES_HELP}`,
    );
}

async function status(context: CliContext, options: MigrateOptions): Promise<void> {
  await show(context, await schemaStatus(configOf(options)), options);
}

async function up(context: CliContext, options: MigrateOptions): Promise<void> {
  const config = configOf(options);
  const before = await schemaStatus(config);
  await migrateUp(config);
  await show(context, await schemaStatus(config), options);
  const pending = before
    .flatMap(({ migrations }) => migrations)
    .filter(({ appliedAt }) => appliedAt === null);
  await context.io.stderr.line(
    pending.length === 0 ? 'nothing was pending' : `applied ${pending.map(({ name }) => name).join(', ')}`,
  );
}

function configOf({ store, dataDir }: MigrateOptions) {
  return loadConfig({ store, dataDir });
}

async function show(
  { io }: CliContext,
  parts: readonly SchemaStatus[],
  { json }: MigrateOptions,
): Promise<void> {
  if (json) {
    await io.stdout.line(JSON.stringify(parts, null, 2));
    return;
  }
  const rows = parts.flatMap(({ part, database, migrations }) =>
    migrations.map(({ name, appliedAt }) => [part, database, name, appliedAt ?? 'pending']),
  );
  await io.stdout.write(table(['part', 'database', 'migration', 'applied'], rows));
}
