import { z } from 'zod';
import { atField, NeighborKbError } from '../domain/errors.js';
import type { MemoryIndexResult } from '../jobs/task-results.js';
import type { TaskHandler } from '../jobs/tasks.js';
import { INDEX_KINDS } from '../memory/faiss/messages.js';
import { DEFAULT_RECALL, indexPackage, removeIndex } from '../memory/faiss/package-index.js';
import { formatReference } from '../memory/reference.js';
import { readManifest } from '../memory/manifest.js';
import { locateMemory } from '../memory/shelf.js';
import type { MemoryTools } from './memory-tools.js';
import { memoryReference, parseInput } from './shapes.js';

const indexShape = z.discriminatedUnion('operation', [
  z.strictObject({
    operation: z.literal('build'),
    memory: memoryReference,
    kind: z.enum(INDEX_KINDS).default('ivf-sq8'),
    /** Share of the 32 nearest to find. */
    recall: z.number().min(0.5).max(1).default(DEFAULT_RECALL),
    lists: z
      .number()
      .int()
      .min(1)
      .max(1 << 20)
      .optional(),
    threads: z.number().int().min(1).max(64).default(2),
  }),
  z.strictObject({ operation: z.literal('remove'), memory: memoryReference }),
]);
export type MemoryIndexInput = z.infer<typeof indexShape>;

/** Builds the index of a large memory, or takes it away. A kill leaves the package as it was. */
export function memoryIndexTask({
  memoriesDir,
}: Pick<MemoryTools, 'memoriesDir'>): TaskHandler<MemoryIndexInput, MemoryIndexResult> {
  return {
    kind: 'memory-index',
    parse: (json) => parseInput(indexShape, json),
    run: async (input, { progress, signal }) => {
      const directory = await atField(['memory'], locateMemory(memoriesDir, input.memory));
      const { name, version, entries } = await atField(['memory'], readManifest(directory));
      const memory = formatReference(name, version);
      if (input.operation === 'remove') {
        if (!(await removeIndex(directory)))
          throw new NeighborKbError('NOT_FOUND', `memory ${memory} has no index`, ['memory']);
        return { memory, entries, index: null };
      }
      const { kind, recall, lists, threads } = input;
      const built = await indexPackage(directory, {
        kind,
        recall,
        lists,
        threads,
        signal,
        onProgress: (done, total) => {
          progress({ done, total, step: 'building the index' });
        },
      });
      const { probes, recall: reached, measuredOn } = built;
      return { memory, entries, index: { kind, lists: built.lists, probes, recall: reached, measuredOn } };
    },
  };
}
