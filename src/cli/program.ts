import { Command } from 'commander';
import { datasetCommand } from './commands/dataset.js';
import { entitiesCommand } from './commands/entities.js';
import { evaluateCommand } from './commands/evaluate.js';
import { explainCommand } from './commands/explain.js';
import { exportCommand } from './commands/export.js';
import { extractCommand } from './commands/extract.js';
import { ingestCommand } from './commands/ingest.js';
import { jobsCommand } from './commands/jobs.js';
import { memoryCommand } from './commands/memory.js';
import { migrateCommand } from './commands/migrate.js';
import { migrateStoreCommand } from './commands/migrate-store.js';
import { profileCommand } from './commands/profile.js';
import { reproduceCommand } from './commands/reproduce.js';
import { retractCommand } from './commands/retract.js';
import { serveCommand } from './commands/serve.js';
import { tuneCommand } from './commands/tune.js';
import { workerCommand } from './commands/worker.js';
import { EXIT_CODES_HELP } from './exit-codes.js';
import type { CliContext } from './context.js';
import { version } from './version.js';

export function buildProgram(context: CliContext): Command {
  const program = new Command('neighborkb')
    .description(
      'Populates a knowledge base from text: triples, each with a calibrated confidence, its sentence and the\n' +
        'labelled examples that voted for it. Settings come from options and from NEIGHBORKB_* variables.',
    )
    .version(version())
    .showHelpAfterError('(add --help for the options)')
    .addHelpText('after', EXIT_CODES_HELP);
  const commands = [
    serveCommand,
    workerCommand,
    ingestCommand,
    jobsCommand,
    extractCommand,
    explainCommand,
    exportCommand,
    retractCommand,
    entitiesCommand,
    memoryCommand,
    migrateCommand,
    migrateStoreCommand,
    profileCommand,
    datasetCommand,
    evaluateCommand,
    tuneCommand,
    reproduceCommand,
  ];
  for (const command of commands) program.addCommand(command(context));
  quiet(program, context);
  return program;
}

/** Errors are thrown, not exited with, and texts go where the caller wants them. */
function quiet(command: Command, context: CliContext): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => void context.io.stdout.write(text).catch(() => undefined),
    writeErr: (text) => void context.io.stderr.write(text).catch(() => undefined),
    getOutHelpWidth: () => context.io.stdout.columns,
    getErrHelpWidth: () => context.io.stderr.columns,
  });
  for (const child of command.commands) quiet(child as Command, context);
}
