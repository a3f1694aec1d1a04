import { readFile } from 'node:fs/promises';
import { NeighborKbError } from '../domain/errors.js';
import type { ScoringTools } from '../tasks/scoring-tools.js';

/** Whoever runs a command names files of their own. */
export const YOUR_FILES: Pick<ScoringTools, 'inputPath' | 'outputPath'> = {
  inputPath: (name) => Promise.resolve(name),
  outputPath: (name) => Promise.resolve(name),
};

/** A mapping file's JSON; undefined where none is named. @throws NeighborKbError NOT_FOUND, INVALID_FILE */
export async function readMapping(file: string | undefined): Promise<unknown> {
  if (file === undefined) return undefined;
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new NeighborKbError('NOT_FOUND', `${file}: there is no such file`, [file], { cause });
  });
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new NeighborKbError('INVALID_FILE', `${file} is not JSON`, [file], { cause });
  }
}
