import { packageIndex, type PackageIndex } from './faiss/package-index.js';
import { readManifest } from './manifest.js';
import type { Memory, MemoryManifest } from './ports.js';
import { projectMemory, type MemoryProjection } from './projection/project-memory.js';
import { ReadingRoom } from './reading-room.js';
import { listMemories, listVersions, locateMemory, memoryManifest, type ShelvedMemory } from './shelf.js';
import { memoryStatistics, type MemoryStatistics } from './statistics.js';
import { compareMemories, type MemoryComparison } from './versions/compare.js';

/** The memories on disk, open or not, in all their versions. Memories are named by `name` or `name@1.0.0`. */
export interface MemoryLibrary {
  names(): Promise<string[]>;
  /** Oldest first; empty where there is no such memory. */
  versions(name: string): Promise<ShelvedMemory[]>;
  manifest(memory: string): Promise<MemoryManifest>;
  /** Null where the version has no index. */
  index(memory: string): Promise<PackageIndex | null>;
  /** Its entries; searches of it are refused with INVALID_ARGUMENT. */
  read(memory: string): Promise<Memory>;
  statistics(memory: string): Promise<MemoryStatistics>;
  compare(before: string, after: string): Promise<MemoryComparison>;
  project(memory: string, limit: number): Promise<MemoryProjection>;
}

/** The library of one folder; every call throws MEMORY_MISSING, MEMORY_CORRUPT or INVALID_ARGUMENT. */
export function memoryLibrary(memoriesDir: string): MemoryLibrary {
  const readingRoom = new ReadingRoom(memoriesDir);
  return {
    names: () => listMemories(memoriesDir),
    versions: (name) => listVersions(memoriesDir, name),
    manifest: (memory) => memoryManifest(memoriesDir, memory),
    index: async (memory) => {
      const directory = await locateMemory(memoriesDir, memory);
      return packageIndex(directory, await readManifest(directory));
    },
    read: (memory) => readingRoom.read(memory),
    statistics: (memory) => memoryStatistics(memoriesDir, memory),
    compare: (before, after) => compareMemories(memoriesDir, before, after),
    project: (memory, limit) => projectMemory(memoriesDir, memory, limit),
  };
}
