import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { NeighborKbError } from '../../domain/errors.js';
import { makeFolders } from '../../files/make-folders.js';

/** How far a transfer has come: enough to go on after it was stopped. */
export interface TransferState {
  readonly formatVersion: 1;
  /** The two stores, as the user named them, without passwords. */
  readonly from: string;
  readonly to: string;
  /** Cursor of the last document that was copied, in the order `oldest`; null before the first. */
  readonly cursor: string | null;
  /** Documents that were copied. */
  readonly copied: number;
}

export function newTransferState(from: string, to: string): TransferState {
  return { formatVersion: 1, from, to, cursor: null, copied: 0 };
}

/**
 * A small file that is replaced as a whole, so that a crash leaves the last state or the one before it.
 */
export class TransferStateFile {
  constructor(readonly file: string) {}

  /** @returns null where there is none. @throws NeighborKbError INVALID_FILE; INVALID_ARGUMENT where it cannot be read */
  async read(): Promise<TransferState | null> {
    let text: string;
    try {
      text = await readFile(this.file, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
      throw this.outOfReach(error, 'read');
    }
    try {
      const state: unknown = JSON.parse(text);
      if (isState(state)) return state;
    } catch (error) {
      throw this.malformed(error);
    }
    throw this.malformed(undefined);
  }

  /** @throws NeighborKbError INVALID_ARGUMENT where it cannot be written */
  async write(state: TransferState): Promise<void> {
    const beside = `${this.file}.new`;
    try {
      await makeFolders(dirname(this.file));
      await writeFile(beside, `${JSON.stringify(state, null, 2)}\n`);
      await rename(beside, this.file);
    } catch (error) {
      throw this.outOfReach(error, 'written');
    }
  }

  async remove(): Promise<void> {
    await rm(this.file, { force: true });
  }

  private outOfReach(cause: unknown, what: 'read' | 'written'): NeighborKbError {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `${this.file} cannot be ${what}: ${reason}`;
    return new NeighborKbError('INVALID_ARGUMENT', message, ['state'], { cause });
  }

  private malformed(cause: unknown): NeighborKbError {
    return new NeighborKbError(
      'INVALID_FILE',
      `${this.file} is not the state of a transfer: remove it to begin anew with an empty target`,
      ['state'],
      { cause },
    );
  }
}

function isState(value: unknown): value is TransferState {
  if (typeof value !== 'object' || value === null) return false;
  const { formatVersion, from, to, cursor, copied } = value as Record<string, unknown>;
  return (
    formatVersion === 1 &&
    typeof from === 'string' &&
    typeof to === 'string' &&
    (cursor === null || typeof cursor === 'string') &&
    typeof copied === 'number'
  );
}
