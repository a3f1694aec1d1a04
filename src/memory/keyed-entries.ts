import { join } from 'node:path';
import { NeighborKbError } from '../domain/errors.js';
import { readEntryFile } from './entry-lines.js';
import { KeyFile, type KeyLayout } from './key-file.js';
import { ENTRIES_FILE } from './manifest.js';
import type { MemoryEntry } from './ports.js';

/** Some entries of a package with their keys. */
export interface KeyedEntries {
  readonly entries: readonly MemoryEntry[];
  /** entries x representationSize, as stored. */
  readonly keys: Float32Array;
}

/**
 * Reads entries and keys of a package side by side, in order.
 *
 * @param rows how many at a time
 * @throws NeighborKbError MEMORY_CORRUPT where there are fewer entries than keys
 */
export async function* readKeyedEntries(
  directory: string,
  layout: KeyLayout,
  rows: number,
): AsyncGenerator<KeyedEntries> {
  const keyFile = await KeyFile.open(directory, layout);
  const source = readEntryFile(join(directory, ENTRIES_FILE));
  try {
    for await (const { keys } of keyFile.batches(rows)) {
      const entries: MemoryEntry[] = [];
      while (entries.length < keys.length / layout.representationSize) {
        const next = await source.next();
        if (next.done === true)
          throw new NeighborKbError(
            'MEMORY_CORRUPT',
            `${directory}: ${ENTRIES_FILE} has fewer entries than its manifest says, ${layout.entries}`,
            ['manifest.json', 'entries'],
          );
        entries.push(next.value);
      }
      yield { entries, keys };
    }
  } finally {
    await keyFile.close();
  }
}
