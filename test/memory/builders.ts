import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { entryId } from '../../src/memory/entry-lines.js';
import { ExactSearch } from '../../src/memory/exact-search.js';
import { bytesPerKey, encodeKeys, type KeyType } from '../../src/memory/key-codec.js';
import { writePackage } from '../../src/memory/package.js';
import type { PackageDescription } from '../../src/memory/package-writer.js';
import type { MemoryEntry } from '../../src/memory/ports.js';
import { temporaryFolder } from './temporary.js';

export const ENCODER = { model: 'toy@1.0.0', modelHash: 'a'.repeat(64), representationSize: 4 };

/** An entry whose text names its number, so that every entry is another. */
export function entry(number: number, label = 'P19'): MemoryEntry {
  const content = {
    text: `Person ${number} was born in Town ${number}.`,
    subject: { start: 0, end: `Person ${number}`.length, type: 'PER' as const },
    object: {
      start: `Person ${number} was born in `.length,
      end: `Person ${number} was born in Town ${number}`.length,
      type: 'LOC' as const,
    },
    label,
  };
  return { id: entryId(content), ...content, origin: `towns.jsonl:${number}` };
}

/** What an entry says, in words: subject, label, object. */
export function said({ text, subject, label, object }: MemoryEntry): [string, string, string] {
  return [text.slice(subject.start, subject.end), label, text.slice(object.start, object.end)];
}

export function description(name: string, changes: Partial<PackageDescription> = {}): PackageDescription {
  return {
    name,
    version: '1.0.0',
    description: 'toy',
    license: 'MIT',
    ...ENCODER,
    normalised: false,
    sources: ['towns.jsonl'],
    keyType: 'float32',
    ...changes,
  };
}

/** A package of three entries in a new folder; returns the package's folder. */
export async function toyPackage(changes: Partial<PackageDescription> = {}): Promise<string> {
  const directory = join(await temporaryFolder(), 'toy');
  const entries = [entry(0), entry(1, 'NIL'), entry(2)];
  await writePackage(
    directory,
    description('toy', changes),
    entries,
    Float32Array.from([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]),
  );
  return directory;
}

/** A search over keys that closes itself when the test has finished. */
export async function searchOver(
  keys: Float32Array,
  dimension: number,
  {
    normalised = false,
    keyType = 'float32',
    compact = false,
  }: { normalised?: boolean; keyType?: KeyType; compact?: boolean } = {},
): Promise<ExactSearch> {
  const keysPath = join(await temporaryFolder(), 'keys.bin');
  const bytes = encodeKeys(keys, dimension, keyType);
  await writeFile(keysPath, bytes);
  const search = await ExactSearch.open({
    memory: 'test',
    keysPath,
    keyType,
    dimension,
    entries: bytes.length / bytesPerKey(keyType, dimension),
    normalised,
    compact,
  });
  onTestFinished(() => search.close());
  return search;
}
