import { basename } from 'node:path';
import { NeighborKbError } from '../domain/errors.js';
import type { RelationEncoder } from '../inference/ports.js';
import { readPackage, type PackageContent } from './package.js';
import { formatReference } from './reference.js';
import { openSearch, type Searcher, type SearchOptions } from './search-choice.js';
import type { EntryFilter, Memory, MemoryEntry, MemoryManifest, SearchHits } from './ports.js';

/** What a memory must agree with: keys of one encoder mean nothing to another. */
export type EncoderIdentity = Pick<RelationEncoder, 'model' | 'modelHash' | 'representationSize'>;

/** A base package: immutable. */
export class PackagedMemory implements Memory {
  readonly name: string;
  readonly version: string;
  readonly manifest: MemoryManifest;
  private readonly entries: readonly MemoryEntry[];
  private readonly positions: ReadonlyMap<string, number>;

  private constructor(
    name: string,
    { manifest, entries }: PackageContent,
    private readonly searcher: Searcher,
  ) {
    this.name = name;
    this.version = manifest.version;
    this.manifest = manifest;
    this.entries = entries;
    this.positions = new Map(entries.map(({ id }, index) => [id, index]));
  }

  /**
   * Opens and verifies the package in `directory`.
   * @param options how it is searched; the name that it answers to, where a version was asked for
   * @throws NeighborKbError MEMORY_MISSING, MEMORY_CORRUPT, MEMORY_MODEL_MISMATCH naming file and field
   */
  static async open(
    directory: string,
    encoder: EncoderIdentity,
    { name, ...search }: SearchOptions & { readonly name?: string } = {},
  ): Promise<PackagedMemory> {
    const content = await readPackage(directory);
    const { manifest } = content;
    checkFolder(directory, manifest);
    checkEncoder(manifest, encoder);
    const searcher = await openSearch(directory, manifest, search);
    return new PackagedMemory(name ?? manifest.name, content, searcher);
  }

  /**
   * Reads and verifies the package in `directory`, for its entries alone: it needs no encoder and cannot be searched.
   * @param name that it answers to
   * @throws NeighborKbError MEMORY_MISSING, MEMORY_CORRUPT
   */
  static async read(directory: string, name: string): Promise<PackagedMemory> {
    const content = await readPackage(directory);
    checkFolder(directory, content.manifest);
    return new PackagedMemory(name, content, {
      isExact: true,
      search: () =>
        Promise.reject(
          new NeighborKbError(
            'INVALID_ARGUMENT',
            `memory ${name} is not open: its entries can be read, not searched`,
            ['memory'],
          ),
        ),
      close: () => Promise.resolve(),
    });
  }

  get size(): number {
    return this.entries.length;
  }

  /** Whether a search looks at every entry. */
  get isSearchedExactly(): boolean {
    return this.searcher.isExact;
  }

  entry(index: number): MemoryEntry {
    const entry = this.entries[index];
    if (!entry) throw new RangeError(`memory ${this.name} has no entry ${index}`);
    return entry;
  }

  indexOf(entryId: string): number {
    return this.positions.get(entryId) ?? -1;
  }

  filter({ labels, text, origin }: EntryFilter): readonly MemoryEntry[] {
    const wantedLabels = labels && new Set(labels);
    const wantedText = text?.toLowerCase();
    return this.entries.filter(
      (entry) =>
        (wantedLabels?.has(entry.label) ?? true) &&
        (wantedText === undefined || entry.text.toLowerCase().includes(wantedText)) &&
        (origin === undefined || entry.origin === origin || entry.origin.startsWith(`${origin}:`)),
    );
  }

  search(queries: Float32Array, count: number, k: number): Promise<SearchHits> {
    return this.searcher.search(queries, count, k);
  }

  close(): Promise<void> {
    return this.searcher.close();
  }
}

/** A package that was copied under another name would answer for one that it is not. */
function checkFolder(directory: string, { name, version }: MemoryManifest): void {
  const folder = basename(directory);
  if (folder !== name && folder !== formatReference(name, version))
    throw new NeighborKbError(
      'MEMORY_CORRUPT',
      `the memory in ${directory} says that it is ${formatReference(name, version)}`,
      ['manifest.json', folder.includes('@') && folder.startsWith(`${name}@`) ? 'version' : 'name'],
    );
}

/** @throws NeighborKbError MEMORY_MODEL_MISMATCH naming the field of the manifest */
export function checkEncoder(manifest: MemoryManifest, encoder: EncoderIdentity): void {
  const rebuild = `run \`neighborkb memory build ${manifest.name}\``;
  if (manifest.modelHash !== encoder.modelHash)
    throw new NeighborKbError(
      'MEMORY_MODEL_MISMATCH',
      `memory ${manifest.name} was built with ${manifest.model} (${manifest.modelHash.slice(0, 12)}), ` +
        `queries come from ${encoder.model} (${encoder.modelHash.slice(0, 12)}): ${rebuild}`,
      ['manifest.json', 'modelHash'],
    );
  if (manifest.representationSize !== encoder.representationSize)
    throw new NeighborKbError(
      'MEMORY_MODEL_MISMATCH',
      `keys of memory ${manifest.name} have ${manifest.representationSize} components, ` +
        `representations ${encoder.representationSize}: ${rebuild}`,
      ['manifest.json', 'representationSize'],
    );
}
