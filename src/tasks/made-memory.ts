import type { MadeMemory } from '../jobs/task-results.js';
import type { MemoryManifest } from '../memory/ports.js';
import { formatReference } from '../memory/reference.js';

/** What a task tells of the version that it made. */
export function madeMemory({ name, version, entries, countsByLabel }: MemoryManifest): MadeMemory {
  return { memory: formatReference(name, version), entries, countsByLabel };
}
