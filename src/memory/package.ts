import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { NeighborKbError } from '../domain/errors.js';
import { sha256OfFile, verifyFiles } from '../inference/package-files.js';
import { entryLine, fromLine, toLines } from './entry-lines.js';
import { encodeKeys, largestComponent } from './key-codec.js';
import { ENTRIES_FILE, KEYS_FILE, MANIFEST_FILE, PACKAGE_ERRORS, readManifest } from './manifest.js';
import type { MemoryEntry, MemoryManifest } from './ports.js';

/** What a package says of itself; the rest of its manifest follows from its content. */
export type PackageDescription = Omit<
  MemoryManifest,
  'formatVersion' | 'entries' | 'countsByLabel' | 'files'
>;

/** A package as read from disk; its keys stay in their file until a search worker reads them. */
export interface PackageContent {
  readonly manifest: MemoryManifest;
  readonly entries: readonly MemoryEntry[];
  readonly keysPath: string;
}

/**
 * Reads and verifies a package: hashes, sizes, counts, the shape of every entry.
 * @throws NeighborKbError MEMORY_MISSING, MEMORY_CORRUPT naming file and field
 */
export async function readPackage(directory: string): Promise<PackageContent> {
  const manifest = await readManifest(directory);
  await verifyFiles(directory, manifest.files, PACKAGE_ERRORS);
  const entries = await readEntries(join(directory, ENTRIES_FILE));
  if (entries.length !== manifest.entries)
    throw corrupt(directory, `${ENTRIES_FILE} has ${entries.length} entries, expected ${manifest.entries}`, [
      MANIFEST_FILE,
      'entries',
    ]);
  const counts = countByLabel(entries);
  for (const label of new Set([...Object.keys(counts), ...Object.keys(manifest.countsByLabel)]))
    if ((counts[label] ?? 0) !== (manifest.countsByLabel[label] ?? 0))
      throw corrupt(directory, `${counts[label] ?? 0} entries are labelled ${label}`, [
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
  if (keys.length !== entries.length * description.representationSize)
    throw corrupt(directory, `${keys.length} values are not ${entries.length} keys`, [KEYS_FILE]);
  const largest = largestComponent(description.keyType);
  const bad = keys.findIndex((value) => !(Math.abs(value) <= largest));
  if (bad >= 0) {
    const entry = Math.floor(bad / description.representationSize);
    throw corrupt(directory, `the key of entry ${entry} is not finite in ${description.keyType}`, [
      KEYS_FILE,
      entry,
    ]);
  }
  await mkdir(directory, { recursive: true });
  const aside = join(directory, `.writing-${randomUUID()}`);
  await mkdir(aside);
  try {
    const lines = toLines(entries).map((line) => `${JSON.stringify(line)}\n`);
    await writeFile(join(aside, ENTRIES_FILE), lines.join(''), { flush: true });
    const bytes = encodeKeys(keys, description.representationSize, description.keyType);
    await writeFile(join(aside, KEYS_FILE), bytes, { flush: true });
    const manifest: MemoryManifest = {
      formatVersion: 1,
      ...description,
      entries: entries.length,
      countsByLabel: countByLabel(entries),
      files: await Promise.all([ENTRIES_FILE, KEYS_FILE].map((name) => describeFile(aside, name))),
    };
    await writeFile(join(aside, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`, { flush: true });
    for (const name of [ENTRIES_FILE, KEYS_FILE, MANIFEST_FILE])
      await rename(join(aside, name), join(directory, name));
    return manifest;
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** Number of entries of each label, NIL first, then by label. */
function countByLabel(entries: readonly MemoryEntry[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { label } of entries) counts.set(label, (counts.get(label) ?? 0) + 1);
  const order = new Intl.Collator('en', { numeric: true });
  return Object.fromEntries([...counts].sort(([a], [b]) => order.compare(a, b)));
}

async function readEntries(path: string): Promise<MemoryEntry[]> {
  const entries: MemoryEntry[] = [];
  const seen = new Set<string>();
  let number = 0;
  // Line by line from a stream: a large memory does not hold the event loop.
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    number++;
    const parsed = entryLine.safeParse(parseJson(line));
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      const field = (issue?.path ?? []).map((part) => (typeof part === 'symbol' ? String(part) : part));
      throw corrupt(`${path}:${number}`, issue?.message ?? 'malformed', [ENTRIES_FILE, number, ...field]);
    }
    for (const entry of fromLine(parsed.data)) {
      if (seen.has(entry.id))
        throw corrupt(`${path}:${number}`, 'an example comes twice', [ENTRIES_FILE, number]);
      seen.add(entry.id);
      entries.push(entry);
    }
  }
  return entries;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

async function describeFile(directory: string, name: string) {
  const path = join(directory, name);
  return { path: name, sha256: await sha256OfFile(path), bytes: (await stat(path)).size };
}

function corrupt(where: string, what: string, path: readonly (string | number)[]): NeighborKbError {
  return new NeighborKbError('MEMORY_CORRUPT', `${where}: ${what}`, path);
}
