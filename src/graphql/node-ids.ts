import type { Memory, MemoryEntry } from '../memory/ports.js';
import type { ApiServices } from './services.js';

/*
 * Ids of the store are unique over all types by their prefix. Memories and their entries have names of their
 * own and get theirs here. Clients treat every id as opaque.
 */

/** An entry with the memory that it lies in. */
export interface EntryInMemory {
  readonly memory: Memory;
  readonly entry: MemoryEntry;
  /** To the pair that was asked for; null where nothing was compared. */
  readonly squaredDistance: number | null;
}

export function memoryNodeId({ name }: Memory): string {
  return `memory:${name}`;
}

export function entryNodeId({ memory, entry }: EntryInMemory): string {
  return `entry:${memory.name}:${entry.id}`;
}

export function findMemory(services: ApiServices, id: string): Memory | null {
  return services.memories.byName(id.slice('memory:'.length)) ?? null;
}

export function findEntry(services: ApiServices, id: string): EntryInMemory | null {
  const [, name = '', ...rest] = id.split(':');
  return entryOf(services.memories.byName(name), rest.join(':'));
}

/** The entry of an open memory; null if the memory is not open or has no such entry. */
export function entryOf(memory: Memory | undefined, entryId: string): EntryInMemory | null {
  const index = memory?.indexOf(entryId) ?? -1;
  return memory === undefined || index < 0
    ? null
    : { memory, entry: memory.entry(index), squaredDistance: null };
}
