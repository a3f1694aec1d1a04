import { open, stat, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { NeighborKbError } from '../domain/errors.js';
import { sha256OfFile } from '../inference/package-files.js';
import { readEntryFile, toLines } from './entry-lines.js';
import { encodeKeys, largestComponent, type KeyType } from './key-codec.js';
import { ENTRIES_FILE, KEYS_FILE, MANIFEST_FILE } from './manifest.js';
import type { MemoryEntry, MemoryManifest } from './ports.js';

/** What a package says of itself; the rest of its manifest follows from its content. */
export type PackageDescription = Omit<
  MemoryManifest,
  'formatVersion' | 'entries' | 'countsByLabel' | 'files'
>;

/** How far the files of a package reach: what a writer that goes on later begins from. */
export interface WrittenSoFar {
  readonly entriesBytes: number;
  readonly keysBytes: number;
}

/**
 * Writes a package entry by entry: keys and entries go to their files as they come and only the ids stay in memory.
 * The folder is nobody's package until `finish` has written the manifest.
 */
export class PackageWriter {
  private readonly ids = new Set<string>();
  private readonly counts = new Map<string, number>();
  private entriesBytes = 0;
  private keysBytes = 0;

  private constructor(
    private readonly folder: string,
    private readonly representationSize: number,
    private readonly keyType: KeyType,
    private readonly entriesFile: FileHandle,
    private readonly keysFile: FileHandle,
  ) {}

  /**
   * Begins a package in an existing folder, or goes on behind what was synced there before.
   * @param soFar what `sync` answered; absent: from the beginning
   * @throws NeighborKbError MEMORY_CORRUPT where less is there than was synced
   */
  static async open(
    folder: string,
    { representationSize, keyType }: Pick<MemoryManifest, 'representationSize' | 'keyType'>,
    soFar: WrittenSoFar = { entriesBytes: 0, keysBytes: 0 },
  ): Promise<PackageWriter> {
    const files = await Promise.all(
      [[ENTRIES_FILE, soFar.entriesBytes] as const, [KEYS_FILE, soFar.keysBytes] as const].map(
        ([name, bytes]) => openAt(join(folder, name), bytes),
      ),
    );
    const [entriesFile, keysFile] = files as [FileHandle, FileHandle];
    const writer = new PackageWriter(folder, representationSize, keyType, entriesFile, keysFile);
    writer.entriesBytes = soFar.entriesBytes;
    writer.keysBytes = soFar.keysBytes;
    if (soFar.entriesBytes > 0)
      for await (const entry of readEntryFile(join(folder, ENTRIES_FILE))) writer.count(entry);
    return writer;
  }

  get entries(): number {
    return this.ids.size;
  }

  /** Number of entries of each label so far, NIL first, then by label. */
  get countsByLabel(): Record<string, number> {
    return inLabelOrder(this.counts);
  }

  has(entryId: string): boolean {
    return this.ids.has(entryId);
  }

  /**
   * Adds entries with their keys.
   * @param keys entries x representationSize, raw (before any normalisation), row-major
   * @throws NeighborKbError MEMORY_CORRUPT for an entry that is there already, and for keys that are not finite in the
   * key type or not one an entry; nothing of the call is added then
   */
  async append(entries: readonly MemoryEntry[], keys: Float32Array): Promise<void> {
    this.check(entries, keys);
    for (const entry of entries) this.count(entry);
    const lines = toLines(entries).map((line) => `${JSON.stringify(line)}\n`);
    const text = Buffer.from(lines.join(''), 'utf8');
    const bytes = encodeKeys(keys, this.representationSize, this.keyType);
    await this.entriesFile.appendFile(text);
    await this.keysFile.appendFile(bytes);
    this.entriesBytes += text.length;
    this.keysBytes += bytes.length;
  }

  /** Brings what was added to the disk. */
  async sync(): Promise<WrittenSoFar> {
    await Promise.all([this.entriesFile.datasync(), this.keysFile.datasync()]);
    return { entriesBytes: this.entriesBytes, keysBytes: this.keysBytes };
  }

  /** Writes the manifest: from here on the folder holds a package. Closes the writer. */
  async finish(description: PackageDescription): Promise<MemoryManifest> {
    await this.sync();
    await this.close();
    const manifest: MemoryManifest = {
      formatVersion: 1,
      ...description,
      entries: this.entries,
      countsByLabel: this.countsByLabel,
      files: await Promise.all([ENTRIES_FILE, KEYS_FILE].map((name) => describeFile(this.folder, name))),
    };
    const json = `${JSON.stringify(manifest, null, 2)}\n`;
    await writeFile(join(this.folder, MANIFEST_FILE), json, { flush: true });
    return manifest;
  }

  /** Leaves the files as they are, for a writer that goes on. */
  async close(): Promise<void> {
    await Promise.all([this.entriesFile.close(), this.keysFile.close()]);
  }

  private check(entries: readonly MemoryEntry[], keys: Float32Array): void {
    if (keys.length !== entries.length * this.representationSize)
      throw this.corrupt(`${keys.length} values are not ${entries.length} keys`, [KEYS_FILE]);
    const largest = largestComponent(this.keyType);
    const bad = keys.findIndex((value) => !(Math.abs(value) <= largest));
    if (bad >= 0) {
      const entry = this.entries + Math.floor(bad / this.representationSize);
      throw this.corrupt(`the key of entry ${entry} is not finite in ${this.keyType}`, [KEYS_FILE, entry]);
    }
    const own = new Set<string>();
    for (const [index, { id }] of entries.entries()) {
      if (this.ids.has(id) || own.has(id))
        throw this.corrupt('an example comes twice', [ENTRIES_FILE, this.entries + index]);
      own.add(id);
    }
  }

  private count({ id, label }: MemoryEntry): void {
    this.ids.add(id);
    this.counts.set(label, (this.counts.get(label) ?? 0) + 1);
  }

  private corrupt(what: string, path: readonly (string | number)[]): NeighborKbError {
    return new NeighborKbError('MEMORY_CORRUPT', `${this.folder}: ${what}`, path);
  }
}

/** Counts with NIL first, then by label, numbers in labels by their value. */
export function inLabelOrder(counts: ReadonlyMap<string, number>): Record<string, number> {
  const order = new Intl.Collator('en', { numeric: true });
  return Object.fromEntries([...counts].sort(([a], [b]) => order.compare(a, b) || (a < b ? -1 : 1)));
}

/** A file to append to, cut to `bytes`. */
async function openAt(path: string, bytes: number): Promise<FileHandle> {
  const file = await open(path, bytes === 0 ? 'w' : 'r+');
  const { size } = await file.stat();
  if (size < bytes) {
    await file.close();
    throw new NeighborKbError('MEMORY_CORRUPT', `${path} has ${size} bytes, expected at least ${bytes}`);
  }
  await file.truncate(bytes);
  if (bytes === 0) return file;
  await file.close();
  return open(path, 'a');
}

async function describeFile(directory: string, name: string) {
  const path = join(directory, name);
  return { path: name, sha256: await sha256OfFile(path), bytes: (await stat(path)).size };
}
