import { randomUUID } from 'node:crypto';
import { atField, NeighborKbError } from '../../domain/errors.js';
import { BuildFolder } from '../building/build-folder.js';
import { entryId } from '../entry-lines.js';
import type { KeyType } from '../key-codec.js';
import { readKeyedEntries, type KeyedEntries } from '../keyed-entries.js';
import { ENTRIES_FILE } from '../manifest.js';
import { verifyPackage } from '../package.js';
import type { PackageWriter } from '../package-writer.js';
import type { BuildRecord, MemoryEntry, MemoryManifest } from '../ports.js';
import { formatReference } from '../reference.js';
import { locateMemory } from '../shelf.js';

/** What becomes of an entry in the derived version: kept as it is, with another label, or null: dropped. */
export type EntryChoice = (entry: MemoryEntry, parent: number) => { readonly label: string } | null;

export interface Derivation {
  readonly memoriesDir: string;
  /** The memory that gets the new version. */
  readonly name: string;
  readonly version?: string | undefined;
  /** `name` or `name@1.0.0`; entries come in this order. */
  readonly parents: readonly string[];
  readonly choose: EntryChoice;
  /** What was done, for the package's record. */
  readonly settings: BuildRecord['settings'];
  /** `repair` where entries are dropped, relabelled or kept in fewer bytes; `content` where some are added. */
  readonly change: 'content' | 'repair';
  /** Absent: the first parent's. */
  readonly keyType?: KeyType | undefined;
  readonly description?: string | undefined;
  readonly license?: string | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface DerivationResult {
  readonly manifest: MemoryManifest;
  readonly kept: number;
  readonly relabelled: number;
  readonly dropped: number;
  /** Examples that were there already. */
  readonly repeated: number;
}

/** Entries whose keys are copied together. */
const ROWS_PER_STEP = 1024;

/**
 * Makes a version of a memory out of entries of others, with their keys: nothing is encoded. The parents stay as they
 * are.
 *
 * @throws NeighborKbError MEMORY_MISSING, MEMORY_CORRUPT, MEMORY_MODEL_MISMATCH where the parents' distances mean
 * different things, INVALID_ARGUMENT where no entry is left, CONFLICT
 */
export async function deriveVersion(derivation: Derivation): Promise<DerivationResult> {
  const { memoriesDir, name, choose, signal } = derivation;
  const parents = await openParents(memoriesDir, derivation.parents);
  // There is at least one: `openParents` has checked it.
  const first = (parents[0] as Parent).manifest;
  const keyType = derivation.keyType ?? first.keyType;
  const layout = { representationSize: first.representationSize, keyType };
  const folder = await BuildFolder.open(memoriesDir, name, randomUUID(), layout);
  try {
    const counts = { kept: 0, relabelled: 0, dropped: 0, repeated: 0 };
    const total = parents.reduce((sum, { manifest }) => sum + manifest.entries, 0);
    let done = 0;
    for (const [index, parent] of parents.entries())
      for await (const rows of readKeyedEntries(parent.directory, parent.manifest, ROWS_PER_STEP)) {
        signal?.throwIfAborted();
        await copyRows(
          folder.writer,
          rows,
          (entry) => choose(entry, index),
          first.representationSize,
          counts,
        );
        done += rows.entries.length;
        derivation.onProgress?.(done, total);
      }
    if (folder.writer.entries === 0)
      throw new NeighborKbError('INVALID_ARGUMENT', `memory ${name} would be empty: no entry is left`, [
        'memory',
      ]);
    const manifest = await folder.publish({
      description: descriptionOf(derivation, parents, keyType),
      version: derivation.version,
      change: derivation.change,
    });
    return { manifest, ...counts };
  } catch (error) {
    await folder.discard();
    throw error;
  }
}

interface Parent {
  readonly directory: string;
  readonly manifest: MemoryManifest;
}

/** Where there is one parent it is at fault as `memory`, one of several by its place in `memories`. */
async function openParents(memoriesDir: string, references: readonly string[]): Promise<Parent[]> {
  const parents = await Promise.all(
    references.map((reference, index) =>
      atField(references.length === 1 ? ['memory'] : ['memories', index], openParent(memoriesDir, reference)),
    ),
  );
  const [first] = parents;
  if (!first) throw new NeighborKbError('INVALID_ARGUMENT', 'names no memory', ['memories']);
  for (const [index, { manifest }] of parents.entries())
    for (const field of ['modelHash', 'representationSize', 'normalised'] as const)
      if (manifest[field] !== first.manifest[field])
        throw new NeighborKbError(
          'MEMORY_MODEL_MISMATCH',
          `${references[index]} and ${references[0]} differ in ${field} ` +
            `(${String(manifest[field])}, ${String(first.manifest[field])}): their distances mean different things`,
          ['memories', index, field],
        );
  return parents;
}

async function openParent(memoriesDir: string, reference: string): Promise<Parent> {
  const directory = await locateMemory(memoriesDir, reference);
  return { directory, manifest: await verifyPackage(directory) };
}

async function copyRows(
  writer: PackageWriter,
  rows: KeyedEntries,
  choose: (entry: MemoryEntry) => { readonly label: string } | null,
  size: number,
  counts: { kept: number; relabelled: number; dropped: number; repeated: number },
): Promise<void> {
  const own = new Set<string>();
  const entries: MemoryEntry[] = [];
  const keys = new Float32Array(rows.keys.length);
  for (const [row, entry] of rows.entries.entries()) {
    const choice = choose(entry);
    if (!choice) {
      counts.dropped++;
      continue;
    }
    const chosen = choice.label === entry.label ? entry : relabelled(entry, choice.label);
    if (own.has(chosen.id) || writer.has(chosen.id)) {
      counts.repeated++;
      continue;
    }
    own.add(chosen.id);
    if (chosen === entry) counts.kept++;
    else counts.relabelled++;
    keys.set(rows.keys.subarray(row * size, (row + 1) * size), entries.length * size);
    entries.push(chosen);
  }
  await writer.append(entries, keys.subarray(0, entries.length * size));
}

function relabelled({ text, subject, object, origin }: MemoryEntry, label: string): MemoryEntry {
  const content = { text, subject, object, label };
  return { id: entryId(content), ...content, origin };
}

function descriptionOf(derivation: Derivation, parents: readonly Parent[], keyType: KeyType) {
  const manifests = parents.map(({ manifest }) => manifest);
  const first = manifests[0] as MemoryManifest;
  const { model, modelHash, representationSize, normalised } = first;
  const built: BuildRecord = {
    by: 'derivation',
    inputs: manifests.map(({ name, version, files }) => ({
      path: formatReference(name, version),
      // The manifest's shape has checked that both files are listed.
      sha256: files.find(({ path }) => path === ENTRIES_FILE)?.sha256 ?? '',
      bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    })),
    settings: derivation.settings,
  };
  return {
    description:
      derivation.description ?? [...new Set(manifests.map(({ description }) => description))].join(' '),
    license: derivation.license ?? [...new Set(manifests.map(({ license }) => license))].join(', '),
    model,
    modelHash,
    representationSize,
    normalised,
    sources: [...new Set(manifests.flatMap(({ sources }) => sources))],
    built,
    ...(manifests.some(({ labels }) => labels === 'any') ? { labels: 'any' as const } : {}),
    keyType,
  };
}
