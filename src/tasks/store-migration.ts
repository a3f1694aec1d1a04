import { join } from 'node:path';
import { z } from 'zod';
import { environmentName, type Config } from '../config.js';
import { NeighborKbError } from '../domain/errors.js';
import type { StoreMigrationResult } from '../jobs/task-results.js';
import type { TaskContext, TaskHandler } from '../jobs/tasks.js';
import { configOfStore, openStore, storeName } from '../open-store.js';
import type { GraphStore } from '../store/graph-store.js';
import { TransferStateFile } from '../store/transfer/transfer-state.js';
import { transfer, type TransferOutcome } from '../store/transfer/transfer.js';
import { parseInput } from './shapes.js';

const inputShape = z.strictObject({});
type StoreMigrationInput = z.infer<typeof inputShape>;

const SETTING = environmentName('migrateTo');
const STEPS = { copied: 'copying documents', verified: 'comparing documents' } as const;

/**
 * Copies this server's knowledge base into the store that its operator named. Clients say that it is to be done, never
 * where to: addresses and passwords are the operator's.
 */
export function storeMigrationTask({
  config,
  store,
}: {
  readonly config: Config;
  readonly store: GraphStore;
}): TaskHandler<StoreMigrationInput, StoreMigrationResult> {
  return {
    kind: 'store-migration',
    parse: (json) => {
      targetOf(config);
      return parseInput(inputShape, json);
    },
    run: async (_input, context) => {
      const target = targetOf(config);
      const [from, to] = [storeName(config), storeName(target)];
      const opened = await openStore(target);
      try {
        const outcome = await transfer(
          { name: from, store },
          { name: to, store: opened },
          optionsOf(context),
        );
        requireSame(outcome);
        return { from, to, documents: outcome.verification.documents, resumed: outcome.resumed };
      } finally {
        await opened.close();
      }
    },
  };
}

/** @throws NeighborKbError INVALID_ARGUMENT where no other store is named */
function targetOf(config: Config): Config {
  if (config.migrateTo === '')
    throw new NeighborKbError(
      'INVALID_ARGUMENT',
      `this server has no store to copy to: start it with ${SETTING}=neo4j://host:7687 or sqlite:<data folder>`,
    );
  const target = configOfStore(config, config.migrateTo);
  if (nameOfTarget(target) === storeName(config))
    throw new NeighborKbError('INVALID_ARGUMENT', `${SETTING} names the store that this server works with`);
  return target;
}

function nameOfTarget(target: Config): string {
  try {
    return storeName(target);
  } catch (cause) {
    // The text may hold a password: it is not repeated.
    throw new NeighborKbError('INVALID_ARGUMENT', `${SETTING} is no address of a store`, [], { cause });
  }
}

/** The state stays in the job's folder, which goes with the job: the last step may be repeated. */
function optionsOf({ signal, progress, workDir }: TaskContext): Parameters<typeof transfer>[2] {
  return {
    state: new TransferStateFile(join(workDir, 'transfer.json')),
    keepState: true,
    report: (step, done, total) => {
      signal.throwIfAborted();
      progress({ done, total, step: STEPS[step] });
    },
  };
}

/** @throws NeighborKbError CONFLICT: the job fails, and a retry copies what has come since */
function requireSame({ verification: { problems, differing } }: TransferOutcome): void {
  if (problems.length === 0) return;
  const documents = differing.length === 0 ? '' : ` (${differing.join(', ')})`;
  throw new NeighborKbError(
    'CONFLICT',
    `the two stores differ: ${problems.join('; ')}${documents}. Pause what changes this store and retry the job; ` +
      'where it fails again, begin anew with an empty target',
  );
}
