import { z } from 'zod';
import { atField } from '../domain/errors.js';
import type { MadeMemory, MemoryExportResult } from '../jobs/task-results.js';
import type { TaskHandler } from '../jobs/tasks.js';
import { KEY_TYPES } from '../memory/key-codec.js';
import { formatReference } from '../memory/reference.js';
import { memoryManifest } from '../memory/shelf.js';
import { exportEntries, importEntries } from '../memory/versions/entry-exchange.js';
import { madeMemory } from './made-memory.js';
import type { MemoryTools } from './memory-tools.js';
import { fileName, memoryName, memoryReference, parseInput, versionNumber } from './shapes.js';

const importShape = z.strictObject({
  name: memoryName,
  file: fileName,
  version: versionNumber.optional(),
  description: z.string().default(''),
  license: z.string().min(1).default('unknown'),
  normalised: z.boolean().default(true),
  keyType: z.enum(KEY_TYPES).default('float16'),
  labels: z.enum(['known', 'any']).default('known'),
});
export type MemoryImportInput = z.infer<typeof importShape>;

/** Builds a version of a memory from exported entries; the keys are encoded again. */
export function memoryImportTask(
  tools: Pick<MemoryTools, 'memoriesDir' | 'schema' | 'encoder' | 'inputPath'>,
): TaskHandler<MemoryImportInput, MadeMemory> {
  return {
    kind: 'memory-import',
    parse: (json) => parseInput(importShape, json),
    run: async ({ file, ...input }, { progress, signal }) => {
      const manifest = await importEntries({
        ...tools,
        ...input,
        file: await tools.inputPath(file, ['file']),
        onProgress: progress,
        signal,
      });
      return madeMemory(manifest);
    },
  };
}

const exportShape = z.strictObject({ memory: memoryReference, out: fileName });
export type MemoryExportInput = z.infer<typeof exportShape>;

/** Writes a memory's entries as JSON lines. */
export function memoryExportTask(
  tools: Pick<MemoryTools, 'memoriesDir' | 'outputPath'>,
): TaskHandler<MemoryExportInput, MemoryExportResult> {
  return {
    kind: 'memory-export',
    parse: (json) => parseInput(exportShape, json),
    run: async ({ memory, out }, { progress, signal }) => {
      const { name, version } = await atField(['memory'], memoryManifest(tools.memoriesDir, memory));
      const path = await tools.outputPath(out, ['out']);
      const work = exportEntries(tools.memoriesDir, memory, path, { onProgress: progress, signal });
      const entries = await atField(['memory'], work);
      return { memory: formatReference(name, version), entries, files: [out] };
    },
  };
}
