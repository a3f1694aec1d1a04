import { forOutside } from '../domain/errors.js';
import { IdentityService } from '../identity/identity-service.js';
import type { AnyTaskHandler } from '../jobs/tasks.js';
import { foldersOf } from '../resources.js';
import { dictionaryImportTask } from './dictionary-import.js';
import { exchangeFolder } from './exchange-folder.js';
import { memoryTaskHandlers } from './memory-handlers.js';
import { storeMigrationTask } from './store-migration.js';
import type { TaskParts } from './parts.js';
import { scoringTaskHandlers } from './scoring-handlers.js';

export type { TaskParts };

/**
 * The long work that this application can do beside ingestion, one handler a kind. A handler translates: it checks
 * its input and calls the part that owns the work (`src/memory`, `src/evaluation`), which knows nothing of jobs.
 */
export function taskHandlers(parts: TaskParts): AnyTaskHandler[] {
  const { config, store } = parts;
  const identity = new IdentityService(store);
  const handlers: AnyTaskHandler[] = [
    ...memoryTaskHandlers(parts),
    ...scoringTaskHandlers(parts),
    dictionaryImportTask({ identity, inputPath: exchangeFolder(config.exchangeDir).inputPath }),
    storeMigrationTask({ config, store }),
  ];
  // What a job ends with is for clients to read.
  return handlers.map((handler): AnyTaskHandler => ({
    ...handler,
    run: (input, context) => forOutside(foldersOf(config), handler.run(input, context)),
  }));
}
