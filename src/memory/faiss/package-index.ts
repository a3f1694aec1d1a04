import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { atField, NeighborKbError } from '../../domain/errors.js';
import { sha256OfFile } from '../../inference/package-files.js';
import { ENTRIES_FILE, KEYS_FILE, MANIFEST_FILE } from '../manifest.js';
import { verifyPackage } from '../package.js';
import type { MemoryManifest } from '../ports.js';
import { FaissHelper } from './helper.js';
import { FaissMissingError } from './library.js';
import { INDEX_KINDS, type IndexFacts, type IndexKind, type KeySource } from './messages.js';

/*
 * An index lies in its package as two files that the manifest lists with their hashes, both named by their content:
 * the index itself, and JSON that says what it is. It follows from the keys: entries, keys and version stay as they
 * are, and what derives a new version from a package leaves it behind.
 */

const FACTS_FILE = /^index-[0-9a-f]{12}\.json$/;

const factsShape = z.object({
  formatVersion: z.literal(1),
  file: z.string().regex(/^index-[0-9a-f]{12}\.faiss$/),
  kind: z.enum(INDEX_KINDS),
  lists: z.number().int().positive(),
  probes: z.number().int().positive(),
  candidatesPerNeighbour: z.number().int().positive(),
  recall: z.number().min(0).max(1),
  measuredOn: z.number().int().min(0),
});

/** An index of a package, its file listed in the manifest. */
export interface PackageIndex extends IndexFacts {
  /** Name of its file. */
  readonly file: string;
}

/** Recall that is asked for unless another is given: what `auto` promises is .99, other queries may find a little less. */
export const DEFAULT_RECALL = 0.995;

export interface IndexOptions {
  readonly kind: IndexKind;
  /** Recall to reach, in (0, 1]. */
  readonly recall: number;
  readonly lists?: number | undefined;
  readonly threads?: number | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Ends the process that builds; the package stays as it was. */
  readonly signal?: AbortSignal | undefined;
}

/** Where and how the keys of a package lie. */
export function keySourceOf(directory: string, manifest: MemoryManifest): KeySource {
  return {
    keysPath: join(directory, KEYS_FILE),
    keyType: manifest.keyType,
    dimension: manifest.representationSize,
    entries: manifest.entries,
    normalised: manifest.normalised,
  };
}

/**
 * The index that a verified package lists; null where it has none.
 * @throws NeighborKbError MEMORY_CORRUPT for an index.json that is malformed or names a file without a hash
 */
export async function packageIndex(
  directory: string,
  manifest: MemoryManifest,
): Promise<PackageIndex | null> {
  const names = new Set(manifest.files.map(({ path }) => path));
  const factsFile = factsFileOf(manifest);
  if (factsFile === undefined) return null;
  const parsed = factsShape.safeParse(parseJson(await readFile(join(directory, factsFile), 'utf8')));
  if (parsed.success && names.has(parsed.data.file)) return parsed.data;
  const issue = parsed.success ? undefined : parsed.error.issues[0];
  const field = issue?.path.map(String).join('.') ?? 'file';
  throw new NeighborKbError(
    'MEMORY_CORRUPT',
    `${join(directory, factsFile)}: ${field}: ${issue?.message ?? 'is not listed in the manifest'}`,
    [factsFile, field],
  );
}

/**
 * Builds an index of a package, in a process of its own, and lists it in the manifest; an earlier one is replaced.
 * The package can be opened at every moment: the manifest changes last, by one rename.
 * @throws NeighborKbError MEMORY_MISSING, MEMORY_CORRUPT for the package; INVALID_ARGUMENT where faiss-node is not
 *   installed or the kind does not reach the recall
 */
export async function indexPackage(directory: string, options: IndexOptions): Promise<PackageIndex> {
  const manifest = await atField(['memory'], verifyPackage(directory));
  if (manifest.entries === 0)
    throw new NeighborKbError('INVALID_ARGUMENT', `${directory} has no entries to index`, ['memory']);
  const aside = join(directory, `.indexing-${randomUUID()}`);
  await mkdir(aside);
  try {
    const unnamed = join(aside, 'index.faiss');
    const facts = await build(directory, manifest, unnamed, options);
    const file = await nameByContent(unnamed, '.faiss');
    const index: PackageIndex = { ...facts, file: file.path };
    const json = join(aside, 'index.json');
    await writeFile(json, `${JSON.stringify({ formatVersion: 1, ...index }, null, 2)}\n`, { flush: true });
    const factsFile = await nameByContent(json, '.json');
    await rename(unnamed, join(directory, file.path));
    await rename(json, join(directory, factsFile.path));
    await putManifest(directory, aside, manifest, [file, factsFile]);
    return index;
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** Takes the index from a package. @returns whether there was one */
export async function removeIndex(directory: string): Promise<boolean> {
  const manifest = await atField(['memory'], verifyPackage(directory));
  if (factsFileOf(manifest) === undefined) return false;
  const aside = join(directory, `.indexing-${randomUUID()}`);
  await mkdir(aside);
  try {
    await putManifest(directory, aside, manifest, []);
    return true;
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

async function build(
  directory: string,
  manifest: MemoryManifest,
  indexPath: string,
  { kind, recall, lists, threads = 2, onProgress, signal }: IndexOptions,
): Promise<IndexFacts> {
  signal?.throwIfAborted();
  const helper = new FaissHelper();
  const stop = (): void => void helper.close();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const keys = keySourceOf(directory, manifest);
    return await helper.ask<'build'>(
      { do: 'build', keys, indexPath, kind, lists, recall, threads },
      onProgress,
    );
  } catch (cause) {
    signal?.throwIfAborted();
    const reason = (cause as Error).message;
    const field = cause instanceof FaissMissingError ? 'faiss-node' : 'kind';
    throw new NeighborKbError('INVALID_ARGUMENT', `${kind} index of ${directory}: ${reason}`, [field], {
      cause,
    });
  } finally {
    signal?.removeEventListener('abort', stop);
    await helper.close();
  }
}

/** Lists entries, keys and these files, and deletes other files of an index. */
async function putManifest(
  directory: string,
  aside: string,
  manifest: MemoryManifest,
  added: MemoryManifest['files'],
): Promise<void> {
  const own = manifest.files.filter(({ path }) => path === ENTRIES_FILE || path === KEYS_FILE);
  const next: MemoryManifest = { ...manifest, files: [...own, ...added] };
  const unnamed = join(aside, MANIFEST_FILE);
  await writeFile(unnamed, `${JSON.stringify(next, null, 2)}\n`, { flush: true });
  await rename(unnamed, join(directory, MANIFEST_FILE));
  const kept = new Set(next.files.map(({ path }) => path));
  for (const { path } of manifest.files)
    if (!kept.has(path)) await rm(join(directory, path), { force: true });
}

function factsFileOf({ files }: MemoryManifest): string | undefined {
  return files.find(({ path }) => FACTS_FILE.test(path))?.path;
}

/** The file as a manifest lists it, under the name that it is to have. */
async function nameByContent(path: string, extension: string): Promise<MemoryManifest['files'][number]> {
  const sha256 = await sha256OfFile(path);
  return { path: `index-${sha256.slice(0, 12)}${extension}`, sha256, bytes: (await stat(path)).size };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
