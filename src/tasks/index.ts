import type { Extraction } from '../resources.js';
import type { Config } from '../config.js';
import type { AnyTaskHandler } from '../jobs/tasks.js';
import type { GraphStore } from '../store/graph-store.js';

/** What tasks are made of. */
export interface TaskParts {
  readonly config: Config;
  readonly extraction: Extraction;
  readonly store: GraphStore;
}

/**
 * The long work that this application can do beside ingestion, one handler a kind. A handler translates: it checks
 * its input and calls the part that owns the work (`src/memory`, `src/evaluation`), which knows nothing of jobs.
 */
// Handlers take what they need of the parts: `memoryBuildTask(parts)`.
// eslint-disable-next-line @typescript-eslint/no-unused-vars
export function taskHandlers(parts: TaskParts): AnyTaskHandler[] {
  return [];
}
