import { PackagedMemory } from './memory.js';
import { ENTRIES_FILE } from './manifest.js';
import type { Memory } from './ports.js';
import { locateMemory, memoryManifest } from './shelf.js';

/** Memories that are kept for the next page of the same reader. */
const KEPT = 2;

/** Versions on disk whose entries are read but not searched. The last few stay in memory. */
export class ReadingRoom {
  /** By folder and hash of the entries, the last used last. */
  private readonly kept = new Map<string, Promise<Memory>>();

  constructor(private readonly memoriesDir: string) {}

  /**
   * @param reference `general` for the newest version, or `general@1.0.0`
   * @throws NeighborKbError MEMORY_MISSING, MEMORY_CORRUPT, INVALID_ARGUMENT
   */
  async read(reference: string): Promise<Memory> {
    const directory = await locateMemory(this.memoriesDir, reference);
    const { files } = await memoryManifest(this.memoriesDir, reference);
    const key = `${reference} ${directory} ${files.find(({ path }) => path === ENTRIES_FILE)?.sha256}`;
    const memory = this.kept.get(key) ?? PackagedMemory.read(directory, reference);
    this.kept.delete(key);
    this.kept.set(key, memory);
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= KEPT) break;
      this.kept.delete(oldest);
    }
    try {
      return await memory;
    } catch (error) {
      // A package that was repaired since may be asked for again.
      this.kept.delete(key);
      throw error;
    }
  }
}
