import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MANIFEST_FILE, readManifest } from './manifest.js';
import type { MemoryManifest } from './ports.js';
import { checkMemoryName, compareVersions, isMemoryName, parseReference } from './reference.js';

/*
 * The folder of memories. `general/` holds sources written by people and the package built of them; `general@1.1.0/`
 * holds a version that a command built or derived. Every version is a package of its own and never changes. Folders
 * that begin with a dot are builds that are not finished.
 */

/** A version of a memory on disk. */
export interface ShelvedMemory {
  readonly directory: string;
  readonly manifest: MemoryManifest;
}

/** Folder of a memory's sources. @throws NeighborKbError INVALID_ARGUMENT for a name that is no plain name */
export function memoryDirectory(memoriesDir: string, name: string): string {
  checkMemoryName(name);
  return join(memoriesDir, name);
}

/**
 * Names of the memories that have a package, sorted.
 * @param options `research: false` leaves out those whose newest version may hold labels that nothing knows
 */
export async function listMemories(
  memoriesDir: string,
  { research = true }: { readonly research?: boolean } = {},
): Promise<string[]> {
  const folders = await packageFolders(memoriesDir);
  const names = [...new Set(folders.map(({ name }) => name))].sort();
  if (research) return names;
  const served = await Promise.all(
    names.map(async (name) => {
      // What is wrong with a manifest is told where the memory is opened.
      const manifest = await memoryManifest(memoriesDir, name).catch(() => null);
      return manifest?.labels !== 'any';
    }),
  );
  return names.filter((_, index) => served[index]);
}

/** The versions of a memory, oldest first; empty where there is no such memory. */
export async function listVersions(memoriesDir: string, name: string): Promise<ShelvedMemory[]> {
  checkMemoryName(name);
  const folders = (await packageFolders(memoriesDir)).filter((folder) => folder.name === name);
  const versions = await Promise.all(
    folders.map(async ({ directory }) => ({ directory, manifest: await readManifest(directory) })),
  );
  return versions.sort((a, b) => compareVersions(a.manifest.version, b.manifest.version));
}

/**
 * Folder of the package that a reference means: `general` its newest version, `general@1.0.0` that one. Where there is
 * none it is the folder in which one looks for it: opening says what is missing.
 * @throws NeighborKbError INVALID_ARGUMENT, MEMORY_CORRUPT where several versions must be compared
 */
export async function locateMemory(memoriesDir: string, reference: string): Promise<string> {
  const { name, version } = parseReference(reference);
  const folders = (await packageFolders(memoriesDir)).filter((folder) => folder.name === name);
  if (version === null) {
    const [only] = folders;
    if (folders.length <= 1) return only?.directory ?? join(memoriesDir, name);
    return ((await listVersions(memoriesDir, name)).at(-1) as ShelvedMemory).directory;
  }
  const own = folders.find((folder) => folder.version === version);
  if (own) return own.directory;
  const plain = folders.find((folder) => folder.version === null);
  if (plain && (await readManifest(plain.directory)).version === version) return plain.directory;
  return join(memoriesDir, reference);
}

/** Manifest of a built package, without reading its entries. @throws MEMORY_MISSING, MEMORY_CORRUPT */
export async function memoryManifest(memoriesDir: string, reference: string): Promise<MemoryManifest> {
  return readManifest(await locateMemory(memoriesDir, reference));
}

interface PackageFolder {
  readonly name: string;
  /** Null for the folder that holds the sources as well. */
  readonly version: string | null;
  readonly directory: string;
}

async function packageFolders(memoriesDir: string): Promise<PackageFolder[]> {
  const found = await readdir(memoriesDir, { withFileTypes: true }).catch(() => []);
  const folders: PackageFolder[] = [];
  for (const item of found) {
    const [name = '', version, ...more] = item.name.split('@');
    if (!item.isDirectory() || !isMemoryName(name) || more.length > 0) continue;
    const directory = join(memoriesDir, item.name);
    const isBuilt = await access(join(directory, MANIFEST_FILE)).then(
      () => true,
      () => false,
    );
    if (isBuilt) folders.push({ name, version: version ?? null, directory });
  }
  return folders;
}
