import { Command } from 'commander';
import { loadConfig } from '../../config.js';
import { EXIT, EXIT_CODES_HELP } from '../exit-codes.js';
import { openExistingStore } from '../../open-store.js';
import type { CliContext } from '../context.js';

export function retractCommand(context: CliContext): Command {
  return new Command('retract')
    .summary('remove documents and what only they supported')
    .description(
      'Removes documents from the store, with what only they supported; what they shared is lowered.',
    )
    .argument('<externalIds...>', 'externalId of each document')
    .option('--data-dir <folder>', 'folder of the embedded store')
    .addHelpText('after', `\nExamples:\n  $ neighborkb retract marie-curie.md\n${EXIT_CODES_HELP}`)
    .action((externalIds: readonly string[], options: { dataDir?: string }) =>
      retract(context, externalIds, options.dataDir),
    );
}

async function retract(context: CliContext, externalIds: readonly string[], dataDir?: string): Promise<void> {
  const { io } = context;
  const store = await openExistingStore(loadConfig({ dataDir }));
  try {
    for (const externalId of externalIds) {
      if (io.stop.aborted) return;
      const outcome = await store.retractDocument(externalId);
      if (outcome) {
        const { removedTriples, removedEntities } = outcome;
        await io.stdout.line(`${externalId}: removed ${removedTriples} triples, ${removedEntities} entities`);
      } else {
        context.exitCode = EXIT.badInput;
        await io.stderr.line(`error NOT_FOUND: no document has the externalId ${JSON.stringify(externalId)}`);
      }
    }
  } finally {
    await store.close();
  }
}
