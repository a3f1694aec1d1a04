import { join } from 'node:path';
import { NeighborKbError } from '../domain/errors.js';
import { ExactSearch } from './exact-search.js';
import { ApproximateSearch } from './faiss/approximate-search.js';
import { FaissMissingError } from './faiss/library.js';
import { keySourceOf, packageIndex } from './faiss/package-index.js';
import type { MemoryManifest, SearchHits } from './ports.js';

/**
 * How memories are searched. `exact`: every entry is looked at. `auto`: by the package's index where it has one and
 * is so large that this pays. `approximate`: by the package's index wherever it has one.
 */
export const SEARCH_MODES = ['auto', 'exact', 'approximate'] as const;
export type SearchMode = (typeof SEARCH_MODES)[number];

/**
 * Entries from which `auto` takes an index; below, memories are searched exactly and no entry is ever missed.
 * docs/large-memories.md says what it rests on.
 */
export const AUTO_INDEX_ENTRIES = 200_000;

/** What answers the searches of a memory. */
export interface Searcher {
  /** Whether every entry is looked at. */
  readonly isExact: boolean;
  search(queries: Float32Array, count: number, k: number): Promise<SearchHits>;
  close(): Promise<void>;
}

export interface SearchOptions {
  /** `auto` unless given. */
  readonly mode?: SearchMode | undefined;
  /** Threads of the search; 2 unless given. */
  readonly threads?: number | undefined;
  /** Told when a memory is searched otherwise than it could be. */
  readonly onNotice?: ((notice: string) => void) | undefined;
}

/**
 * Opens the search of a verified package.
 * @throws NeighborKbError MEMORY_CORRUPT for keys or an index that cannot be read
 */
export async function openSearch(
  directory: string,
  manifest: MemoryManifest,
  options: SearchOptions,
): Promise<Searcher> {
  return (await openIndex(directory, manifest, options)) ?? openExact(directory, manifest, options);
}

function openExact(
  directory: string,
  manifest: MemoryManifest,
  { threads }: SearchOptions,
): Promise<ExactSearch> {
  return ExactSearch.open({
    memory: manifest.name,
    ...keySourceOf(directory, manifest),
    ...(threads === undefined ? {} : { threads }),
  });
}

async function openIndex(
  directory: string,
  manifest: MemoryManifest,
  { mode = 'auto', threads = 2, onNotice }: SearchOptions,
): Promise<Searcher | null> {
  if (mode === 'exact' || (mode === 'auto' && manifest.entries < AUTO_INDEX_ENTRIES)) return null;
  const memory = `${manifest.name}@${manifest.version}`;
  const index = await packageIndex(directory, manifest);
  if (index === null) {
    onNotice?.(`${memory} has no index and is searched exactly; \`neighborkb memory index\` builds one`);
    return null;
  }
  try {
    return await ApproximateSearch.open({
      memory: manifest.name,
      keys: keySourceOf(directory, manifest),
      indexPath: join(directory, index.file),
      candidatesPerNeighbour: index.candidatesPerNeighbour,
      threads,
    });
  } catch (cause) {
    const reason = (cause as Error).message;
    if (!(cause instanceof FaissMissingError))
      throw new NeighborKbError('MEMORY_CORRUPT', `${join(directory, index.file)}: ${reason}`, [index.file], {
        cause,
      });
    onNotice?.(`${memory} has an index but is searched exactly: ${reason}`);
    return null;
  }
}
