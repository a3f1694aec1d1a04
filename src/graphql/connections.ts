import type { ClassType } from './decorators.js';
import { ArgsType, Field, Int, ObjectType } from './decorators.js';
import type { Page, PageRequest } from '../store/graph-store.js';
import { invalidArgument } from './errors.js';
import { LIMITS } from './limits.js';

const FIRST = `How many to return, 1 to ${LIMITS.pageSize}.`;
const AFTER = 'Return what follows the item with this cursor.';

/** `first` and `after` of a root connection. */
@ArgsType()
export class PageArguments {
  @Field(() => Int, { defaultValue: LIMITS.defaultPageSize, description: FIRST })
  first!: number;

  @Field(() => String, { nullable: true, description: AFTER })
  after?: string | null;
}

/** `first` and `after` of a connection inside another: smaller by default. */
@ArgsType()
export class InnerPageArguments {
  @Field(() => Int, { defaultValue: LIMITS.defaultInnerPageSize, description: FIRST })
  first!: number;

  @Field(() => String, { nullable: true, description: AFTER })
  after?: string | null;
}

@ObjectType('PageInfo', { simpleResolvers: true, description: 'Where a page stands among all pages.' })
export class PageInfoType {
  @Field(() => Boolean, { description: 'Whether more items follow.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Whether the page began after a cursor.' })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the first item; null for an empty page.' })
  startCursor!: string | null;

  @Field(() => String, { nullable: true, description: 'Cursor of the last item: `after` of the next page.' })
  endCursor!: string | null;
}

/** What a connection resolves to; the page is read once, when a field first asks for it. */
export interface ConnectionSource<T> {
  readonly edges: () => Promise<Page<T>['items']>;
  readonly nodes: () => Promise<T[]>;
  readonly pageInfo: () => Promise<PageInfoType>;
  readonly totalCount: () => Promise<number>;
}

/**
 * Declares the Relay connection of a type.
 * @param plural how descriptions speak of the items
 */
export function connectionOf(node: ClassType | object, name: string, plural: string) {
  @ObjectType(`${name}Edge`, { simpleResolvers: true, description: `One of the ${plural} of a page.` })
  class Edge {
    @Field(() => String, { description: 'Opaque; stays valid while data is added.' })
    cursor!: string;

    @Field(() => node, { description: 'The item itself.' })
    node!: unknown;
  }

  @ObjectType(`${name}Connection`, { simpleResolvers: true, description: `A page of ${plural}.` })
  class Connection {
    @Field(() => [Edge], { description: 'The items of the page with their cursors, in order.' })
    edges!: unknown;

    @Field(() => [node], { description: 'The items of the page without their cursors, in order.' })
    nodes!: unknown;

    @Field(() => PageInfoType, { description: 'Whether more follow, and from where.' })
    pageInfo!: unknown;

    @Field(() => Int, { description: 'Number of matches over all pages.' })
    totalCount!: unknown;
  }
  return Connection;
}

/** @throws NeighborKbError INVALID_ARGUMENT naming `first` */
export function pageRequest({ first, after }: PageArguments): PageRequest {
  if (first < 1 || first > LIMITS.pageSize)
    throw invalidArgument(`first is ${first}; it must be 1 to ${LIMITS.pageSize}`, 'first');
  return after === undefined || after === null ? { first } : { first, after };
}

/** A connection over a page that the store reads. */
export function storedConnection<T>(
  after: string | undefined,
  read: () => Promise<Page<T>>,
): ConnectionSource<T> {
  let started: Promise<Page<T>> | undefined;
  const page = (): Promise<Page<T>> => (started ??= read());
  return {
    edges: async () => (await page()).items,
    nodes: async () => (await page()).items.map(({ node }) => node),
    totalCount: async () => (await page()).totalCount(),
    pageInfo: async () => {
      const { items, hasNextPage } = await page();
      return {
        hasNextPage,
        hasPreviousPage: after !== undefined,
        startCursor: items[0]?.cursor ?? null,
        endCursor: items.at(-1)?.cursor ?? null,
      };
    },
  };
}

/**
 * A connection over a list that was read as a whole, such as the mentions of a document.
 * @param key what a cursor names an item by: unique within the list
 */
export function listConnection<T>(
  request: PageRequest,
  key: (item: T) => string,
  read: () => Promise<readonly T[]>,
): ConnectionSource<T> {
  return storedConnection(request.after, async () => pageOfList(await read(), request, key));
}

/** @throws NeighborKbError INVALID_ARGUMENT for a cursor that is malformed or names no item of the list */
export function pageOfList<T>(items: readonly T[], request: PageRequest, key: (item: T) => string): Page<T> {
  const start = request.after === undefined ? 0 : positionAfter(items, decodeCursor(request.after), key);
  const slice = items.slice(start, start + request.first);
  return {
    items: slice.map((node) => ({ cursor: encodeCursor(key(node)), node })),
    hasNextPage: start + slice.length < items.length,
    totalCount: async () => items.length,
  };
}

function positionAfter<T>(items: readonly T[], wanted: string, key: (item: T) => string): number {
  const position = items.findIndex((item) => key(item) === wanted);
  if (position < 0) throw invalidArgument('after is a cursor of something that is not in this list', 'after');
  return position + 1;
}

const CURSOR_PREFIX = 'at:';

function encodeCursor(key: string): string {
  return Buffer.from(CURSOR_PREFIX + key).toString('base64url');
}

function decodeCursor(cursor: string): string {
  const decoded = Buffer.from(cursor, 'base64url').toString();
  if (!decoded.startsWith(CURSOR_PREFIX) || encodeCursor(decoded.slice(CURSOR_PREFIX.length)) !== cursor)
    throw invalidArgument('after is not a cursor of this list', 'after');
  return decoded.slice(CURSOR_PREFIX.length);
}
