import { checkFilter, type Combinators } from '../filter-tree.js';
import type { Page, PageRequest } from '../graph-store.js';
import type { Order, OrderColumn } from '../orders.js';
import { checkPageSize, decodeCursor, encodeCursor, pageOf } from '../page.js';
import { int, type Neo4jConnection } from './connection.js';

/** Values of a statement, named as they come. */
export class Parameters {
  readonly values: Record<string, unknown> = {};
  private count = 0;

  /** @returns how the statement refers to the value */
  add(value: unknown): string {
    const name = `p${this.count++}`;
    this.values[name] = value;
    return `$${name}`;
  }
}

/** Conditions of what a filter says itself, as Cypher expressions that are true or false; all of them hold. */
export type Translate<Filter> = (filter: Filter, parameters: Parameters) => readonly string[];

/**
 * One expression for a filter with all that it joins.
 * @throws NeighborKbError INVALID_ARGUMENT for a filter that is too deep or too large
 */
export function filterExpression<Filter extends Combinators<Filter>>(
  filter: Filter | undefined,
  parameters: Parameters,
  own: Translate<Filter>,
): string {
  if (filter === undefined) return 'true';
  checkFilter(filter);
  return joinedExpression(filter, parameters, own);
}

/** The same for a filter that has been checked. */
export function joinedExpression<Filter extends Combinators<Filter>>(
  filter: Filter,
  parameters: Parameters,
  own: Translate<Filter>,
): string {
  const joined = (part: Filter): string => joinedExpression(part, parameters, own);
  const parts = [...own(filter, parameters), ...(filter.and ?? []).map(joined)];
  if (filter.or) parts.push(filter.or.map(joined).join(' OR ') || 'false');
  // What is null does not hold.
  if (filter.not) parts.push(`NOT coalesce(${joined(filter.not)}, false)`);
  return parts.length === 0 ? 'true' : parts.map((text) => `(${text})`).join(' AND ');
}

/** That an expression is one of the values; an undefined list asks nothing, an empty one matches nothing. */
export function isOneOf(
  expression: string,
  values: readonly string[] | undefined,
  parameters: Parameters,
): string[] {
  return values === undefined ? [] : [`${expression} IN ${parameters.add(values)}`];
}

/** A list that pages go through. */
export interface List<Row, Node> {
  /** What the filter and the order speak of: `MATCH (t:Triple)`. */
  readonly match: string;
  /** Variables of `match` that `details` and `returns` need. */
  readonly variables: string;
  /** Further clauses for the page's own rows. */
  readonly details?: string;
  /** `… AS node` */
  readonly returns: string;
  readonly where: string;
  /**
   * That `where` finds few rows by an index of its own: they are sorted. Else the page is read from an index that has the
   * list's order, and costs the same in a graph of any size.
   */
  readonly isNarrow?: boolean;
  /** What all rows have alike: an index that begins with it has the list's order, too. */
  readonly alike?: string | undefined;
  readonly parameters: Parameters;
  /** Counts matches; default `match` with `where`. */
  readonly count?: string;
  readonly order: Order;
  readonly nodeOf: (row: Row) => Node;
}

/**
 * One page by keyset: the rows after the cursor's values, whatever was added or removed before them.
 * @throws NeighborKbError INVALID_ARGUMENT at `first` or `after`
 */
export async function readPage<Row, Node>(
  connection: Neo4jConnection,
  request: PageRequest,
  list: List<Row, Node>,
): Promise<Page<Node>> {
  const first = checkPageSize(request.first);
  const { columns, name } = list.order;
  const { parameters } = list;
  const countParams = { ...parameters.values };
  const conditions = [list.where];
  const types = columns.map(({ type }) => type);
  const after = request.after === undefined ? undefined : decodeCursor(request.after, name, types);
  if (after) conditions.push(afterCursor(columns, after, parameters));
  if (!list.isNarrow) conditions.push(inIndex(columns, after, parameters));
  const keys = columns.map(({ expression }, index) => `${expression} AS order${index}`).join(', ');
  const order = columns
    .map(({ descending }, index) => `order${index} ${descending ? 'DESC' : 'ASC'}`)
    .join(', ');
  const indexOrder = list.alike
    ? `${list.alike} ${columns[0]?.descending ? 'DESC' : 'ASC'}, ${order}`
    : order;
  const kept = columns.map((_, index) => `order${index}`).join(', ');
  const statement = `${list.match} WHERE ${conditions.join(' AND ')}
    WITH ${list.variables}, ${keys} ORDER BY ${indexOrder} LIMIT ${parameters.add(int(first + 1))}
    ${list.details ?? ''}
    RETURN ${list.returns}, ${kept} ORDER BY ${order}`;
  const count = list.count ?? `${list.match} WHERE ${list.where} RETURN count(*) AS count`;
  const rows = await connection.read<{ node: Row } & Record<string, string | number>>(
    statement,
    parameters.values,
  );
  const totalCount = async (): Promise<number> => {
    const [total] = await connection.read<{ count: number }>(count, countParams);
    return total?.count ?? 0;
  };
  const cursorOf = (row: Record<string, string | number>) =>
    encodeCursor(
      name,
      columns.map((_, index) => row[`order${index}`] ?? ''),
    );
  return pageOf(rows, request, totalCount, cursorOf, ({ node }) => list.nodeOf(node));
}

/** Rows after the values in an order whose columns may run in different directions. */
export function afterCursor(
  columns: readonly OrderColumn[],
  values: readonly (string | number)[],
  parameters: Parameters,
): string {
  const names = values.map((value) => parameters.add(value));
  // No OR: the server would look for each of its alternatives by itself, in all that there is.
  const after = (place: number): string => {
    const column = columns[place];
    if (!column) return 'false';
    const beyond = `${column.expression} ${column.descending ? '<' : '>'} ${names[place]}`;
    return place === columns.length - 1
      ? beyond
      : `CASE WHEN ${column.expression} = ${names[place]} THEN ${after(place + 1)} ELSE ${beyond} END`;
  };
  return after(0);
}

/**
 * Says nothing new, but lets the server go through an index in its order, from the values of a cursor on: an index holds
 * what has all of its properties, so a server that may meet other rows reads everything and sorts.
 */
export function inIndex(
  columns: readonly OrderColumn[],
  after: readonly (string | number)[] | undefined,
  parameters: Parameters,
): string {
  const conditions = columns.map(({ expression }) => `${expression} IS NOT NULL`);
  const [leading] = columns;
  const [from] = after ?? [];
  if (leading && from !== undefined)
    conditions.push(`${leading.expression} ${leading.descending ? '<=' : '>='} ${parameters.add(from)}`);
  return conditions.join(' AND ');
}
