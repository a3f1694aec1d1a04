import { open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { NeighborKbError } from '../../domain/errors.js';
import { makeFolders } from '../../files/make-folders.js';
import type { PackageDescription, WrittenSoFar } from '../package-writer.js';
import { PackageWriter } from '../package-writer.js';
import type { MemoryManifest } from '../ports.js';
import {
  checkMemoryName,
  checkVersion,
  formatReference,
  nextVersion,
  type VersionChange,
} from '../reference.js';
import { listVersions } from '../shelf.js';

const CHECKPOINT_FILE = 'checkpoint.json';
const LOCK_FILE = 'lock';

const count = z.number().int().min(0);
const checkpointShape = z.object({
  fingerprint: z.string(),
  itemsDone: count,
  written: z.object({ entriesBytes: count, keysBytes: count }),
});

export type BuildLayout = Pick<MemoryManifest, 'representationSize' | 'keyType'>;

/** What the version of a new package follows from. */
export interface Publication {
  readonly description: Omit<PackageDescription, 'version' | 'name'>;
  /** Absent: the next one after the newest, by what changed. */
  readonly version?: string | undefined;
  /** What changed against the newest version, where encoder and normalisation are the same. */
  readonly change: Exclude<VersionChange, 'incompatible'>;
}

/**
 * The folder in which a version of a memory comes about: `.building-<name>` beside the memories, so that publishing is
 * one rename. It survives a crash; a build with the same fingerprint goes on where the last checkpoint was taken, any
 * other begins anew.
 */
export class BuildFolder {
  private constructor(
    private readonly memoriesDir: string,
    private readonly name: string,
    readonly folder: string,
    private readonly fingerprint: string,
    readonly writer: PackageWriter,
    /** Items of the source that are in the package already. */
    readonly itemsDone: number,
  ) {}

  /**
   * @param fingerprint of everything that the package's content follows from
   * @throws NeighborKbError CONFLICT while another process builds the same memory
   */
  static async open(
    memoriesDir: string,
    name: string,
    fingerprint: string,
    layout: BuildLayout,
  ): Promise<BuildFolder> {
    checkMemoryName(name);
    const folder = join(memoriesDir, `.building-${name}`);
    await makeFolders(folder);
    await lock(folder, name);
    try {
      const checkpoint = await readCheckpoint(folder);
      const same = checkpoint?.fingerprint === fingerprint ? checkpoint : null;
      // A checkpoint of another build must not be read as one of this.
      if (!same) await rm(join(folder, CHECKPOINT_FILE), { force: true });
      const writer = await PackageWriter.open(folder, layout, same?.written);
      return new BuildFolder(memoriesDir, name, folder, fingerprint, writer, same?.itemsDone ?? 0);
    } catch (error) {
      await unlock(folder);
      throw error;
    }
  }

  /** Brings to the disk what was written: a later build goes on after `itemsDone` items. */
  async checkpoint(itemsDone: number): Promise<void> {
    const written: WrittenSoFar = await this.writer.sync();
    const unfinished = join(this.folder, `${CHECKPOINT_FILE}.tmp`);
    const json = JSON.stringify({ fingerprint: this.fingerprint, itemsDone, written });
    await writeFile(unfinished, json, { flush: true });
    await rename(unfinished, join(this.folder, CHECKPOINT_FILE));
  }

  /**
   * Makes the folder a version of the memory.
   * @throws NeighborKbError CONFLICT where the memory has the version already
   */
  async publish({ description, version: wanted, change }: Publication): Promise<MemoryManifest> {
    if (wanted !== undefined) checkVersion(wanted);
    const versions = await listVersions(this.memoriesDir, this.name);
    const newest = versions.at(-1)?.manifest ?? null;
    const compatible =
      newest?.modelHash === description.modelHash && newest.normalised === description.normalised;
    const version =
      wanted ?? nextVersion(newest?.version ?? null, newest && !compatible ? 'incompatible' : change);
    const reference = formatReference(this.name, version);
    const exists = new NeighborKbError('CONFLICT', `memory ${reference} is there already`, ['version']);
    if (versions.some(({ manifest }) => manifest.version === version)) throw exists;
    const manifest = await this.writer.finish({ name: this.name, version, ...description });
    for (const file of [CHECKPOINT_FILE, LOCK_FILE]) await rm(join(this.folder, file), { force: true });
    await rename(this.folder, join(this.memoriesDir, reference)).catch((cause: unknown) => {
      const { code } = cause as NodeJS.ErrnoException;
      throw code === 'ENOTEMPTY' || code === 'EEXIST' ? exists : cause;
    });
    return manifest;
  }

  /** Leaves what there is for a build that goes on; call it where `publish` was not reached. */
  async leave(): Promise<void> {
    await this.writer.close().catch(() => undefined);
    await unlock(this.folder);
  }

  /** Removes everything. */
  async discard(): Promise<void> {
    await this.writer.close().catch(() => undefined);
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** One process builds a memory at a time; the lock of a process that is gone counts for nothing. */
async function lock(folder: string, name: string): Promise<void> {
  const path = join(folder, LOCK_FILE);
  for (let attempt = 0; attempt < 2; attempt++) {
    const file = await open(path, 'wx').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return null;
      throw error;
    });
    if (file) {
      await file.writeFile(String(process.pid));
      await file.close();
      return;
    }
    const holder = Number(await readFile(path, 'utf8').catch(() => ''));
    if (isRunning(holder))
      throw new NeighborKbError('CONFLICT', `process ${holder} is building memory ${name}`, ['memory']);
    await rm(path, { force: true });
  }
  throw new NeighborKbError('CONFLICT', `another process is building memory ${name}`, ['memory']);
}

async function unlock(folder: string): Promise<void> {
  await rm(join(folder, LOCK_FILE), { force: true });
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // The process is there and belongs to someone else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function readCheckpoint(folder: string): Promise<z.infer<typeof checkpointShape> | null> {
  const text = await readFile(join(folder, CHECKPOINT_FILE), 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    return checkpointShape.parse(JSON.parse(text));
  } catch {
    return null; // Cut short by a crash: the build begins anew.
  }
}
