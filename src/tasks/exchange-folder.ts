import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { type FieldPath, NeighborKbError } from '../domain/errors.js';
import { makeFolders } from '../files/make-folders.js';
import type { MemoryTools } from './memory-tools.js';

/**
 * Paths of files that clients of the API name: in one folder and nowhere else, whatever the name or a link says.
 * @param root the folder; made when the first file is written
 */
export function exchangeFolder(root: string): Pick<MemoryTools, 'inputPath' | 'outputPath'> {
  const folder = resolve(root);
  const inside = (name: string, field: FieldPath): string => {
    const path = resolve(folder, name);
    if (name === '' || name.includes('\0') || isAbsolute(name) || !isBelow(folder, path))
      throw outside(name, field);
    return path;
  };
  return {
    inputPath: async (name, field) => {
      const found = await realpath(inside(name, field)).catch((cause: unknown) => {
        throw new NeighborKbError('NOT_FOUND', `${name}: there is no such file to read`, field, { cause });
      });
      if (!isBelow(await realpath(folder), found)) throw outside(name, field);
      return found;
    },
    outputPath: async (name, field) => {
      const path = inside(name, field);
      await makeFolders(dirname(path));
      if (!isBelow(await realpath(folder), await realpath(dirname(path)), true)) throw outside(name, field);
      return path;
    },
  };
}

function isBelow(folder: string, path: string, orItself = false): boolean {
  const way = relative(folder, path);
  return (orItself || way !== '') && way.split(/[\\/]/)[0] !== '..' && !isAbsolute(way);
}

function outside(name: string, field: FieldPath): NeighborKbError {
  return new NeighborKbError(
    'INVALID_ARGUMENT',
    `${JSON.stringify(name)} is no name of a file in the exchange folder`,
    field,
  );
}
