import { NeighborKbError } from '../domain/errors.js';
import { PackagedMemory, type EncoderIdentity } from './memory.js';
import type { Memory } from './ports.js';
import type { SearchOptions } from './search-choice.js';
import { listMemories, locateMemory } from './shelf.js';

/** The memories of a process, opened once each and closed together. */
export class MemoryRegistry {
  private readonly opened = new Map<string, Promise<PackagedMemory>>();
  /** Those of `openExact` that are open a second time. */
  private readonly exact = new Map<string, Promise<PackagedMemory>>();
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
    const memory = await this.once(this.opened, name, this.search);
    this.ready.set(name, memory);
    return memory;
  }

  /**
   * The memory, searched exactly whatever its size: what is measured or judged must not depend on an index, which may
   * miss an entry. One that is open with an index is opened a second time.
   * @throws NeighborKbError as `open`
   */
  async openExact(name: string): Promise<Memory> {
    const served = await this.opened.get(name);
    return served?.isSearchedExactly
      ? served
      : this.once(this.exact, name, { ...this.search, mode: 'exact' });
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
    const memories = await Promise.allSettled([...this.opened.values(), ...this.exact.values()]);
    this.opened.clear();
    this.exact.clear();
    this.ready.clear();
    await Promise.all(
      memories.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value.close() : undefined)),
    );
  }

  private async once(
    opened: Map<string, Promise<PackagedMemory>>,
    name: string,
    search: SearchOptions,
  ): Promise<PackagedMemory> {
    const pending = opened.get(name) ?? this.load(name, search);
    opened.set(name, pending);
    try {
      return await pending;
    } catch (error) {
      // A package that was repaired since may be asked for again.
      opened.delete(name);
      throw error;
    }
  }

  private async load(name: string, search: SearchOptions): Promise<PackagedMemory> {
    const directory = await locateMemory(this.memoriesDir, name);
    return PackagedMemory.open(directory, this.encoder, { ...search, name });
  }
}
