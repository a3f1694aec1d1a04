import { projectMemory, type MemoryProjection } from './projection/project-memory.js';
import { listMemories, listVersions, type ShelvedMemory } from './shelf.js';
import { memoryStatistics, type MemoryStatistics } from './statistics.js';
import { compareMemories, type MemoryComparison } from './versions/compare.js';

/** The memories on disk, open or not, in all their versions. Memories are named by `name` or `name@1.0.0`. */
export interface MemoryLibrary {
  names(): Promise<string[]>;
  /** Oldest first; empty where there is no such memory. */
  versions(name: string): Promise<ShelvedMemory[]>;
  statistics(memory: string): Promise<MemoryStatistics>;
  compare(before: string, after: string): Promise<MemoryComparison>;
  project(memory: string, limit: number): Promise<MemoryProjection>;
}

/** The library of one folder; every call throws MEMORY_MISSING, MEMORY_CORRUPT or INVALID_ARGUMENT. */
export function memoryLibrary(memoriesDir: string): MemoryLibrary {
  return {
    names: () => listMemories(memoriesDir),
    versions: (name) => listVersions(memoriesDir, name),
    statistics: (memory) => memoryStatistics(memoriesDir, memory),
    compare: (before, after) => compareMemories(memoriesDir, before, after),
    project: (memory, limit) => projectMemory(memoriesDir, memory, limit),
  };
}
