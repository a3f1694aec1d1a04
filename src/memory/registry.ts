import { NeighborKbError } from '../domain/errors.js';
import { PackagedMemory, type EncoderIdentity } from './memory.js';
import type { Memory } from './ports.js';
import type { SearchOptions } from './search-choice.js';
import { listMemories, locateMemory } from './shelf.js';

/** The memories of a process, opened once each and closed together. */
export class MemoryRegistry {
  private readonly opened = new Map<string, Promise<Memory>>();
  private readonly ready = new Map<string, Memory>();

  constructor(
    private readonly memoriesDir: string,
    private readonly encoder: EncoderIdentity,
    /** How each memory is searched. */
    private readonly search: SearchOptions = {},
  ) {}

  /**
   * The memory, opened and verified on first use.
   * @param name `general`: the version that is the newest when it is opened; or `general@1.0.0`
   * @throws NeighborKbError MEMORY_MISSING, MEMORY_CORRUPT, MEMORY_MODEL_MISMATCH
   */
  async open(name: string): Promise<Memory> {
    const pending = this.opened.get(name) ?? this.load(name);
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

  /** Opens the newest version of every memory of the folder; those that are for research alone stay closed. */
  async openAll(): Promise<readonly Memory[]> {
    const names = await listMemories(this.memoriesDir, { research: false });
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

  private async load(name: string): Promise<Memory> {
    const directory = await locateMemory(this.memoriesDir, name);
    return PackagedMemory.open(directory, this.encoder, { ...this.search, name });
  }
}
