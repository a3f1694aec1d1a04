import { NeighborKbError } from '../domain/errors.js';
import { MAX_PAGE_SIZE, type Page, type PageRequest } from './graph-store.js';

/** Values of a row's order columns, last its id: where a page goes on. */
export type CursorValues = readonly (string | number)[];

/** @throws NeighborKbError INVALID_ARGUMENT at `first` */
export function checkPageSize(first: number): number {
  if (!Number.isInteger(first) || first < 1 || first > MAX_PAGE_SIZE)
    throw new NeighborKbError(
      'INVALID_ARGUMENT',
      `expected an integer from 1 to ${MAX_PAGE_SIZE}, got ${first}`,
      ['first'],
    );
  return first;
}

/** @param order name of the order that the page has: a cursor of another order means nothing in it */
export function encodeCursor(order: string, values: CursorValues): string {
  return Buffer.from(JSON.stringify([order, ...values])).toString('base64url');
}

/**
 * The values of a cursor that `encodeCursor` made for this order.
 * @param types `typeof` of each value
 * @throws NeighborKbError INVALID_ARGUMENT at `after`
 */
export function decodeCursor(
  cursor: string,
  order: string,
  types: readonly ('string' | 'number')[],
): CursorValues {
  const decoded = parse(cursor);
  if (!Array.isArray(decoded) || decoded.length !== types.length + 1)
    throw cursorError('not a cursor of this list');
  const [cursorOrder, ...values] = decoded as [unknown, ...unknown[]];
  if (cursorOrder !== order) throw cursorError(`not a cursor of the order ${order}`);
  if (values.some((value, index) => typeof value !== types[index]))
    throw cursorError('not a cursor of this list');
  return values as CursorValues;
}

/** A page from one row more than was asked for. */
export function pageOf<Row, Node>(
  rows: readonly Row[],
  { first }: PageRequest,
  totalCount: () => Promise<number>,
  cursorOf: (row: Row) => string,
  nodeOf: (row: Row) => Node,
): Page<Node> {
  return {
    items: rows.slice(0, first).map((row) => ({ cursor: cursorOf(row), node: nodeOf(row) })),
    hasNextPage: rows.length > first,
    totalCount,
  };
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw cursorError('not a cursor');
  }
}

function cursorError(message: string): NeighborKbError {
  return new NeighborKbError('INVALID_ARGUMENT', message, ['after']);
}
