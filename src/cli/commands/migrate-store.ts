import { join } from 'node:path';
import { Command } from 'commander';
import { loadConfig, type Config } from '../../config.js';
import { NeighborKbError } from '../../domain/errors.js';
import { configOfStore, openExistingStore, openStore, storeName } from '../../open-store.js';
import { TransferStateFile } from '../../store/transfer/transfer-state.js';
import { transfer, type TransferOutcome } from '../../store/transfer/transfer.js';
import type { CliContext } from '../context.js';
import { EXIT, EXIT_CODES_HELP } from '../exit-codes.js';
import { startProgress, StoppedError, type Progress } from '../progress.js';

interface MigrateStoreOptions {
  readonly from: string;
  readonly to: string;
  readonly state?: string;
  readonly json?: boolean;
}

export function migrateStoreCommand(context: CliContext): Command {
  return new Command('migrate-store')
    .summary('copy a whole knowledge base into another store, and compare the two')
    .description(
      'Copies merges, dictionaries and every document with its predictions into an empty store, one transaction a\n' +
        'document, then compares counts and hashes of both. A run that was stopped goes on where it was when the\n' +
        'same command is given again. Stop servers and workers first: what is ingested meanwhile may be missed.',
    )
    .requiredOption('--from <store>', 'sqlite, sqlite:<data folder> or neo4j://host:7687')
    .requiredOption('--to <store>', 'the same; it must be empty')
    .option('--state <file>', 'where to keep how far it is (default: migrate-store.json in the data folder)')
    .option('--json', 'print the outcome as JSON')
    .addHelpText(
      'after',
      `
A password comes from NEIGHBORKB_NEO4J_PASSWORD or stands in the URL: neo4j://user:password@host:7687/database.

Examples:
  $ neighborkb migrate-store --from sqlite --to neo4j://localhost:7687
  $ neighborkb migrate-store --from neo4j://localhost:7687 --to sqlite:copy
${EXIT_CODES_HELP}`,
    )
    .action((options: MigrateStoreOptions) => migrateStore(context, options));
}

async function migrateStore(context: CliContext, options: MigrateStoreOptions): Promise<void> {
  const { io } = context;
  const [from, to] = [configOf(options.from, 'from'), configOf(options.to, 'to')];
  const [fromName, toName] = [storeName(from), storeName(to)];
  if (fromName === toName)
    throw new NeighborKbError('INVALID_ARGUMENT', `${toName} is the store to copy from, too`, ['to']);
  const state = new TransferStateFile(options.state ?? join(loadConfig().dataDir, 'migrate-store.json'));
  const source = await openExistingStore(from);
  try {
    const target = await openStore(to);
    try {
      const report = reporter(context);
      const outcome = await transfer(
        { name: fromName, store: source },
        { name: toName, store: target },
        { state, report: report.report },
      ).finally(report.end);
      if (outcome.verification.problems.length > 0) context.exitCode = EXIT.badInput;
      if (options.json) await io.stdout.line(JSON.stringify(outcome, null, 2));
      else await show(context, outcome, state.file);
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

/** @throws NeighborKbError INVALID_ARGUMENT at the option */
function configOf(store: string, option: string): Config {
  try {
    const isFolder = store.startsWith('sqlite:');
    return isFolder ? configOfStore(loadConfig(), store) : loadConfig({ store });
  } catch (error) {
    if (!(error instanceof NeighborKbError) || error.path[0] !== 'store') throw error;
    throw new NeighborKbError(
      'INVALID_ARGUMENT',
      'expected sqlite, sqlite:<data folder> or a URL like neo4j://host:7687',
      [option],
      { cause: error },
    );
  }
}

/** Two bars, one after the other. */
function reporter({ io }: CliContext) {
  const bars = new Map<string, Progress>();
  return {
    report: (step: 'copied' | 'verified', done: number, total: number): void => {
      if (io.stop.aborted) throw new StoppedError('stopped');
      let bar = bars.get(step);
      if (!bar) {
        for (const earlier of bars.values()) earlier.end();
        bar = startProgress(io, step, 'documents');
        bars.set(step, bar);
      }
      void bar.update(done, total);
    },
    end: (): void => {
      for (const bar of bars.values()) bar.end();
    },
  };
}

async function show({ io }: CliContext, outcome: TransferOutcome, stateFile: string): Promise<void> {
  const { copied, resumed, verification } = outcome;
  await io.stdout.line(
    `${copied} documents copied${resumed ? ', with an earlier run' : ''}; ${verification.documents} are the same in both`,
  );
  if (verification.problems.length === 0) return;
  for (const problem of verification.problems) await io.stderr.line(`error: ${problem}`);
  if (verification.differing.length > 0)
    await io.stderr.line(`differing: ${verification.differing.join(', ')}`);
  await io.stderr.line(
    `The two stores differ. If the source changed meanwhile, remove ${stateFile} and begin anew with an empty target.`,
  );
}
