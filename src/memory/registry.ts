import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { NeighborKbError } from '../domain/errors.js';
import { MANIFEST_FILE, checkMemoryName, readManifest } from './manifest.js';
import { PackagedMemory, type EncoderIdentity } from './memory.js';
import type { Memory, MemoryManifest } from './ports.js';

/** Folder of a memory's package. @throws NeighborKbError INVALID_ARGUMENT for a name that is no plain name */
export function memoryDirectory(memoriesDir: string, name: string): string {
  checkMemoryName(name);
  return join(memoriesDir, name);
}

/** Names of the built packages in a folder, sorted; folders that hold sources alone are not among them. */
export async function listMemories(memoriesDir: string): Promise<string[]> {
  const found = await readdir(memoriesDir, { withFileTypes: true }).catch(() => []);
  const names: string[] = [];
  for (const item of found) {
    if (!item.isDirectory()) continue;
    const built = await access(join(memoriesDir, item.name, MANIFEST_FILE)).then(
      () => true,
      () => false,
    );
    if (built) names.push(item.name);
  }
  return names.sort();
}

/** Manifest of a built package, without reading its entries. @throws MEMORY_MISSING, MEMORY_CORRUPT */
export function memoryManifest(memoriesDir: string, name: string): Promise<MemoryManifest> {
  return readManifest(memoryDirectory(memoriesDir, name));
}

/** The memories of a process, opened once each and closed together. */
export class MemoryRegistry {
  private readonly opened = new Map<string, Promise<Memory>>();
  private readonly ready = new Map<string, Memory>();

  constructor(
    private readonly memoriesDir: string,
    private readonly encoder: EncoderIdentity,
    /** Threads of each memory's search. */
    private readonly threads?: number,
  ) {}

  /** The memory, opened and verified on first use. @throws MEMORY_MISSING, MEMORY_CORRUPT, MEMORY_MODEL_MISMATCH */
  async open(name: string): Promise<Memory> {
    const directory = memoryDirectory(this.memoriesDir, name);
    const pending = this.opened.get(name) ?? PackagedMemory.open(directory, this.encoder, this.threads);
    this.opened.set(name, pending);
    try {
      const memory = await pending;
      this.ready.set(name, memory);
      return memory;
    } catch (error) {
      // A package that was repaired since may be asked for again.
      this.opened.delete(name);
      throw error;
    }
  }

  /** Opens every built package of the folder. */
  async openAll(): Promise<readonly Memory[]> {
    const names = await listMemories(this.memoriesDir);
    return Promise.all(names.map((name) => this.open(name)));
  }

  /** A memory that is open. @throws NeighborKbError NOT_FOUND */
  get(name: string): Memory {
    const memory = this.byName(name);
    if (memory) return memory;
    const open = [...this.ready.keys()].sort().join(', ') || 'none';
    throw new NeighborKbError('NOT_FOUND', `no memory ${JSON.stringify(name)} is open; open: ${open}`, [
      'memory',
    ]);
  }

  byName(name: string): Memory | undefined {
    return this.ready.get(name);
  }

  /** Open memories by name. */
  all(): readonly Memory[] {
    return [...this.ready.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async close(): Promise<void> {
    const memories = await Promise.allSettled(this.opened.values());
    this.opened.clear();
    this.ready.clear();
    await Promise.all(
      memories.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value.close() : undefined)),
    );
  }
}
