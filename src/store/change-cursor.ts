import { decodeCursor, encodeCursor } from './page.js';
import { NeighborKbError } from '../domain/errors.js';

/*
 * Where a reader stands in a store's log of changes: the log's name and the number of the last change that it has
 * seen. The name keeps a cursor of one store out of another, whose numbers mean other changes.
 */

export function encodeChangeCursor(log: string, sequence: number): string {
  return encodeCursor('changes', [log, sequence]);
}

/** @returns the number of the last change that was seen. @throws NeighborKbError INVALID_ARGUMENT at `after` */
export function decodeChangeCursor(cursor: string, log: string): number {
  const [cursorLog, sequence] = decodeCursor(cursor, 'changes', ['string', 'number']);
  if (cursorLog !== log)
    throw new NeighborKbError(
      'INVALID_ARGUMENT',
      'is a cursor of another store: read the changes from the beginning',
      ['after'],
    );
  return Number(sequence);
}
