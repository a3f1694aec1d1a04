import { join } from 'node:path';
import type { KeyType } from '../../src/memory/key-codec.js';
import { writePackage } from '../../src/memory/package.js';
import type { MemoryEntry } from '../../src/memory/ports.js';
import { description } from './builders.js';

/** Puts a package with these entries on a shelf; the key of each entry is where `keyOf` says, 4 components. */
export async function shelve(
  memoriesDir: string,
  reference: string,
  entries: readonly MemoryEntry[],
  keyOf: (entry: MemoryEntry, index: number) => readonly number[] = (_, index) => [index, 1, 0, 0],
  keyType: KeyType = 'float32',
): Promise<void> {
  const [name = '', version = '1.0.0'] = reference.split('@');
  const keys = Float32Array.from(entries.flatMap((entry, index) => [...keyOf(entry, index)]));
  await writePackage(join(memoriesDir, reference), description(name, { version, keyType }), entries, keys);
}
