import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { NeighborKbError } from '../domain/errors.js';
import { makeFolders } from '../files/make-folders.js';
import { verifyFiles } from '../inference/package-files.js';
import { readEntryFile } from './entry-lines.js';
import { ENTRIES_FILE, KEYS_FILE, MANIFEST_FILE, PACKAGE_ERRORS, readManifest } from './manifest.js';
import { inLabelOrder, PackageWriter, type PackageDescription } from './package-writer.js';
import type { MemoryEntry, MemoryManifest } from './ports.js';

/** A package as read from disk; its keys stay in their file until a search worker reads them. */
export interface PackageContent {
  readonly manifest: MemoryManifest;
  readonly entries: readonly MemoryEntry[];
  readonly keysPath: string;
}

/** Checks hashes and sizes of a package without reading its entries. @throws MEMORY_MISSING, MEMORY_CORRUPT */
export async function verifyPackage(directory: string): Promise<MemoryManifest> {
  const manifest = await readManifest(directory);
  await verifyFiles(directory, manifest.files, PACKAGE_ERRORS);
  return manifest;
}

/**
 * Reads and verifies a package: hashes, sizes, counts, the shape of every entry.
 * @throws NeighborKbError MEMORY_MISSING, MEMORY_CORRUPT naming file and field
 */
export async function readPackage(directory: string): Promise<PackageContent> {
  const manifest = await verifyPackage(directory);
  const entries: MemoryEntry[] = [];
  for await (const entry of readEntryFile(join(directory, ENTRIES_FILE))) entries.push(entry);
  if (entries.length !== manifest.entries)
    throw corrupt(directory, `${ENTRIES_FILE} has ${entries.length} entries, expected ${manifest.entries}`, [
      MANIFEST_FILE,
      'entries',
    ]);
  const counts = countByLabel(entries);
  for (const label of new Set([...Object.keys(inLabelOrder(counts)), ...Object.keys(manifest.countsByLabel)]))
    if ((counts.get(label) ?? 0) !== (manifest.countsByLabel[label] ?? 0))
      throw corrupt(directory, `${counts.get(label) ?? 0} entries are labelled ${label}`, [
        MANIFEST_FILE,
        'countsByLabel',
        label,
      ]);
  return { manifest, entries, keysPath: join(directory, KEYS_FILE) };
}

/**
 * Writes a package into `directory`, over an earlier one. All files are written and synced aside first and then
 * renamed, the manifest last: a crash between two renames leaves hashes that do not fit, never a package that
 * is read as something else.
 *
 * @param keys entries x representationSize, raw (before any normalisation), row-major
 * @throws NeighborKbError MEMORY_CORRUPT for keys that are not finite in the key type or not one an entry
 */
export async function writePackage(
  directory: string,
  description: PackageDescription,
  entries: readonly MemoryEntry[],
  keys: Float32Array,
): Promise<MemoryManifest> {
  await makeFolders(directory);
  const aside = join(directory, `.writing-${randomUUID()}`);
  await mkdir(aside);
  try {
    const writer = await PackageWriter.open(aside, description);
    try {
      await writer.append(entries, keys);
    } catch (error) {
      await writer.close();
      throw error;
    }
    const manifest = await writer.finish(description);
    for (const name of [ENTRIES_FILE, KEYS_FILE, MANIFEST_FILE])
      await rename(join(aside, name), join(directory, name));
    return manifest;
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

function countByLabel(entries: readonly MemoryEntry[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { label } of entries) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}

function corrupt(where: string, what: string, path: readonly (string | number)[]): NeighborKbError {
  return new NeighborKbError('MEMORY_CORRUPT', `${where}: ${what}`, path);
}
