import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { DICTIONARY_FORMATS, readDictionary } from '../identity/dictionary-reader.js';
import { DICTIONARY_NAME, type IdentityService } from '../identity/identity-service.js';
import type { DictionaryImportResult } from '../jobs/task-results.js';
import type { TaskHandler } from '../jobs/tasks.js';
import type { MemoryTools } from './memory-tools.js';
import { fileName, parseInput } from './shapes.js';

const importShape = z.strictObject({
  name: z.string().regex(DICTIONARY_NAME, 'must be lower-case letters, digits, dots, hyphens, underscores'),
  file: fileName,
  format: z.enum(DICTIONARY_FORMATS),
});
export type DictionaryImportInput = z.infer<typeof importShape>;

interface Tools extends Pick<MemoryTools, 'inputPath'> {
  readonly identity: Pick<IdentityService, 'importDictionary'>;
}

/**
 * Imports a dictionary of known entities from a file, as a whole. Run again after a kill, it begins anew: an import is
 * one transaction, and the same one twice changes nothing.
 */
export function dictionaryImportTask({
  identity,
  inputPath,
}: Tools): TaskHandler<DictionaryImportInput, DictionaryImportResult> {
  return {
    kind: 'dictionary-import',
    parse: (json) => parseInput(importShape, json),
    run: async ({ name, file, format }, { signal, progress }): Promise<DictionaryImportResult> => {
      const path = await inputPath(file, ['file']);
      const { size: total } = await stat(path);
      let done = 0;
      const bytes = async function* (): AsyncGenerator<Uint8Array> {
        for await (const chunk of createReadStream(path) as AsyncIterable<Uint8Array>) {
          signal.throwIfAborted();
          yield chunk;
          done += chunk.length;
          progress({ done, total, step: 'reading entries (bytes)' });
        }
        progress({ done, total, step: 'linking mentions' });
      };
      const { dictionary, changes } = await identity.importDictionary(
        name,
        readDictionary(bytes(), format, file),
      );
      const { entities, names, ambiguousNames } = dictionary;
      return { dictionary: name, entities, names, ambiguousNames, ...changes };
    },
  };
}
