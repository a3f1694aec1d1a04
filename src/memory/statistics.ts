import { join } from 'node:path';
import { readEntryFile } from './entry-lines.js';
import { ENTRIES_FILE } from './manifest.js';
import { verifyPackage } from './package.js';
import type { MemoryManifest } from './ports.js';
import { locateMemory } from './shelf.js';

/** What a memory is made of. */
export interface MemoryStatistics {
  readonly manifest: MemoryManifest;
  /** Texts that differ. */
  readonly texts: number;
  /** Most entries first. */
  readonly byLabel: readonly Share[];
  /** By file or data set: an origin without its line. */
  readonly byOrigin: readonly Share[];
  /** `PER>LOC`. */
  readonly byTypes: readonly Share[];
}

export interface Share {
  readonly key: string;
  readonly entries: number;
}

/** @throws NeighborKbError MEMORY_MISSING, MEMORY_CORRUPT */
export async function memoryStatistics(memoriesDir: string, reference: string): Promise<MemoryStatistics> {
  const directory = await locateMemory(memoriesDir, reference);
  const manifest = await verifyPackage(directory);
  const texts = new Set<string>();
  const [labels, origins, types] = [
    new Map<string, number>(),
    new Map<string, number>(),
    new Map<string, number>(),
  ];
  for await (const { text, label, origin, subject, object } of readEntryFile(join(directory, ENTRIES_FILE))) {
    texts.add(text);
    raise(labels, label);
    raise(origins, sourceOf(origin));
    raise(types, `${subject.type}>${object.type}`);
  }
  return {
    manifest,
    texts: texts.size,
    byLabel: largestFirst(labels),
    byOrigin: largestFirst(origins),
    byTypes: largestFirst(types),
  };
}

/** `people.jsonl` of `people.jsonl:12`. */
export function sourceOf(origin: string): string {
  return origin.replace(/:\d+$/, '');
}

/** Counts by key, most first, ties by key. */
export function largestFirst(counts: ReadonlyMap<string, number>): Share[] {
  return [...counts]
    .map(([key, entries]) => ({ key, entries }))
    .sort((a, b) => b.entries - a.entries || (a.key < b.key ? -1 : 1));
}

function raise(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
