import { join } from 'node:path';
import { groupBy } from '../../domain/arrays.js';
import { atField } from '../../domain/errors.js';
import { readEntryFile } from '../entry-lines.js';
import { ENTRIES_FILE } from '../manifest.js';
import { verifyPackage } from '../package.js';
import type { MemoryEntry, MemoryManifest } from '../ports.js';
import { locateMemory } from '../shelf.js';

/** How one version differs from another. */
export interface MemoryComparison {
  readonly before: MemoryManifest;
  readonly after: MemoryManifest;
  /** Fields of the manifest that decide what distances mean, where they differ. */
  readonly differences: readonly ('modelHash' | 'representationSize' | 'normalised' | 'keyType')[];
  readonly shared: number;
  readonly added: readonly MemoryEntry[];
  readonly removed: readonly MemoryEntry[];
  /** The same pair with another label. */
  readonly relabelled: readonly { readonly before: MemoryEntry; readonly after: MemoryEntry }[];
}

/** @throws NeighborKbError MEMORY_MISSING, MEMORY_CORRUPT, INVALID_ARGUMENT at `before` or `after` */
export async function compareMemories(
  memoriesDir: string,
  before: string,
  after: string,
): Promise<MemoryComparison> {
  const one = await atField(['before'], open(memoriesDir, before));
  const other = await atField(['after'], open(memoriesDir, after));
  const removed = new Map<string, MemoryEntry>();
  for await (const entry of readEntryFile(join(one.directory, ENTRIES_FILE))) removed.set(entry.id, entry);
  const added: MemoryEntry[] = [];
  let shared = 0;
  for await (const entry of readEntryFile(join(other.directory, ENTRIES_FILE)))
    if (removed.delete(entry.id)) shared++;
    else added.push(entry);
  const gone = groupBy(removed.values(), pairOf);
  const relabelled: { before: MemoryEntry; after: MemoryEntry }[] = [];
  const fresh: MemoryEntry[] = [];
  for (const entry of added) {
    const was = gone.get(pairOf(entry))?.shift();
    if (!was) fresh.push(entry);
    else {
      removed.delete(was.id);
      relabelled.push({ before: was, after: entry });
    }
  }
  const fields = ['modelHash', 'representationSize', 'normalised', 'keyType'] as const;
  return {
    before: one.manifest,
    after: other.manifest,
    differences: fields.filter((field) => one.manifest[field] !== other.manifest[field]),
    shared,
    added: fresh,
    removed: [...removed.values()],
    relabelled,
  };
}

async function open(memoriesDir: string, reference: string) {
  const directory = await locateMemory(memoriesDir, reference);
  return { directory, manifest: await verifyPackage(directory) };
}

function pairOf({ text, subject, object }: MemoryEntry): string {
  return JSON.stringify([text, subject.start, subject.end, object.start, object.end]);
}
