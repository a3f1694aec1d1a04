import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { NeighborKbError } from '../../domain/errors.js';
import { sha256OfFile } from '../../inference/package-files.js';
import type { BuildRecord } from '../ports.js';

/**
 * What a package's record says of a file or folder that it was built from: its name without the way there, and a hash
 * of its bytes (of a folder: of the names and hashes of the files below it).
 * @throws NeighborKbError NOT_FOUND
 */
export async function describeInput(path: string): Promise<BuildRecord['inputs'][number]> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new NeighborKbError('NOT_FOUND', `${path}: there is no such file or folder`, [path], { cause });
  });
  if (!found.isDirectory())
    return { path: basename(path), sha256: await sha256OfFile(path), bytes: found.size };
  const hash = createHash('sha256');
  let bytes = 0;
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.sort()) {
    hash.update(JSON.stringify([file.slice(path.length), await sha256OfFile(file)]));
    bytes += (await stat(file)).size;
  }
  return { path: basename(path), sha256: hash.digest('hex'), bytes };
}

/** `train.json:12` of `/home/ada/data/train.json:12`: where an entry comes from, without the way there. */
export function shortOrigin(origin: string): string {
  return origin.replace(/^.*[\\/]/, '');
}
