import { opendir, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { NeighborKbError } from '../domain/errors.js';

/** Files of one document, by extension: `{ '.txt': 'a/1.txt', '.ann': 'a/1.ann' }`. */
export interface DocumentFiles {
  readonly name: string;
  readonly paths: Readonly<Record<string, string | undefined>>;
}

/**
 * Files below a folder that have the same name but for their extension, documents by name. Hidden files, backups of
 * editors and links are left out.
 * @param sameFolder whether files of one document lie in one folder, or in folders by kind (`txt/`, `concept/`)
 * @throws NeighborKbError INVALID_FILE where two files claim one place
 */
export async function documentFiles(
  folder: string,
  extensions: readonly string[],
  sameFolder: boolean,
): Promise<DocumentFiles[]> {
  const documents = new Map<string, { name: string; paths: Record<string, string> }>();
  for (const path of await filesBelow(folder)) {
    const extension = extname(path);
    if (!extensions.includes(extension)) continue;
    const name = basename(path, extension);
    const key = sameFolder ? path.slice(0, -extension.length) : name;
    const document = documents.get(key) ?? { name, paths: {} };
    const other = document.paths[extension];
    if (other !== undefined)
      throw new NeighborKbError(
        'INVALID_FILE',
        `${path}: ${other} has the same name, name one folder at a time`,
        [path],
      );
    document.paths[extension] = path;
    documents.set(key, document);
  }
  return [...documents].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, document]) => document);
}

async function filesBelow(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const entry of await opendir(folder)) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) files.push(...(await filesBelow(path)));
    else if (entry.isFile()) files.push(path);
  }
  return files;
}

export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path)).isDirectory();
}
