import { KeyFile } from '../key-file.js';
import type { PackagedMemory } from '../memory.js';

/** The nearest other entries of one entry. */
export interface LeftOut {
  readonly entry: number;
  /** Nearest first. */
  readonly neighbours: readonly { readonly entry: number; readonly squaredDistance: number }[];
}

const ENTRIES_PER_SEARCH = 512;

/**
 * The k nearest entries of every entry but itself, in order, searched in batches off the event loop.
 * @param directory of the memory's package
 */
export async function* leaveOneOut(
  memory: PackagedMemory,
  directory: string,
  k: number,
): AsyncGenerator<LeftOut> {
  const { representationSize } = memory.manifest;
  const keys = await KeyFile.open(directory, memory.manifest);
  try {
    for await (const { first, keys: queries } of keys.batches(ENTRIES_PER_SEARCH)) {
      const count = queries.length / representationSize;
      const hits = await memory.search(queries, count, k + 1);
      for (let query = 0; query < count; query++) {
        const entry = first + query;
        const found = Array.from({ length: hits.k }, (_, rank) => ({
          entry: hits.indices[query * hits.k + rank] as number,
          squaredDistance: hits.squaredDistances[query * hits.k + rank] as number,
        }));
        yield { entry, neighbours: found.filter((other) => other.entry !== entry).slice(0, k) };
      }
    }
  } finally {
    await keys.close();
  }
}
