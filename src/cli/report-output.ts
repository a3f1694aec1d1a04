import { rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ReportTable } from '../evaluation/report.js';
import { makeFolders } from '../files/make-folders.js';
import { table } from './formats/table.js';
import type { Io } from './io.js';

/** Tables for people on stdout, a blank line between them. */
export async function writeTables(io: Io, tables: readonly ReportTable[]): Promise<void> {
  for (const { title, head, rows } of tables) await io.stdout.write(`${title}\n${table(head, rows)}\n`);
}

/** Writes a JSON file as a whole or not at all: what is there stays until the new content is complete. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  await makeFolders(dirname(path));
  const unfinished = `${path}.${process.pid}.tmp`;
  await writeFile(unfinished, `${JSON.stringify(value, null, 2)}\n`);
  await rename(unfinished, path);
}
