import type { Config } from '../config.js';
import type { Extraction } from '../resources.js';
import type { GraphStore } from '../store/graph-store.js';

/** What tasks are made of. */
export interface TaskParts {
  readonly config: Config;
  readonly extraction: Extraction;
  readonly store: GraphStore;
}
