import { checkFilter, type Combinators } from '../filter-tree.js';
import { checkPageSize, decodeCursor, encodeCursor, pageOf } from '../page.js';
import type { Page, PageRequest } from '../graph-store.js';
import type { Order, OrderColumn } from '../orders.js';
import type { Connection, SqlValue } from './connection.js';

/** A list that pages go through. */
export interface List<Row, Node> {
  readonly select: string;
  /** Tables that `select` needs, with their joins. */
  readonly from: string;
  /** Tables that the filter needs, where that is less: for counting. */
  readonly countFrom?: string;
  readonly filter: Conditions;
  readonly order: Order;
  readonly nodeOf: (row: Row) => Node;
}

/** Conditions that all hold, with their parameters. */
export class Conditions {
  private readonly parts: string[] = [];
  readonly params: SqlValue[] = [];

  /** @param sql with a `?` for each parameter */
  add(sql: string, ...params: SqlValue[]): this {
    this.parts.push(`(${sql})`);
    this.params.push(...params);
    return this;
  }

  /** That an expression is one of the values; an undefined list asks nothing, an empty one matches nothing. */
  in(sql: string, values: readonly string[] | undefined): this {
    if (values === undefined) return this;
    const [only] = values;
    // An equation lets SQLite read an index in its order; a list does not.
    if (values.length === 1 && only !== undefined) return this.add(`${sql} = ?`, only);
    return this.add(`${sql} IN (SELECT value FROM json_each(?))`, JSON.stringify(values));
  }

  /** That all of the others' conditions hold, too. */
  all(others: readonly Conditions[]): this {
    for (const other of others) this.add(other.expression, ...other.params);
    return this;
  }

  /** That all conditions of at least one of the others hold; of none: nothing matches. */
  any(others: readonly Conditions[]): this {
    const expression = others.map((other) => other.expression).join(' OR ');
    return this.add(expression || 'FALSE', ...others.flatMap(({ params }) => params));
  }

  /** That not all of the other's conditions hold; what is NULL does not hold. */
  not(other: Conditions): this {
    return this.add(`NOT coalesce(${other.expression}, FALSE)`, ...other.params);
  }

  get where(): string {
    return this.parts.length === 0 ? '' : `WHERE ${this.expression}`;
  }

  get expression(): string {
    return this.parts.length === 0 ? 'TRUE' : `(${this.parts.join(' AND ')})`;
  }

  copy(): Conditions {
    const copy = new Conditions();
    copy.parts.push(...this.parts);
    copy.params.push(...this.params);
    return copy;
  }
}

/**
 * The conditions of a filter with all that it joins.
 * @param own what one filter says itself
 * @throws NeighborKbError INVALID_ARGUMENT for a filter that is too deep or too large
 */
export function filterConditions<Filter extends Combinators<Filter>>(
  filter: Filter | undefined,
  own: (filter: Filter) => Conditions,
): Conditions {
  if (filter === undefined) return new Conditions();
  checkFilter(filter);
  return joinedConditions(filter, own);
}

/** The same of a filter that has been checked. */
export function joinedConditions<Filter extends Combinators<Filter>>(
  filter: Filter,
  own: (filter: Filter) => Conditions,
): Conditions {
  const joined = (part: Filter): Conditions => joinedConditions(part, own);
  const conditions = own(filter).all((filter.and ?? []).map(joined));
  if (filter.or) conditions.any(filter.or.map(joined));
  if (filter.not) conditions.not(joined(filter.not));
  return conditions;
}

/**
 * One page by keyset: the rows after the cursor's values, whatever was added or removed before them.
 * @throws NeighborKbError INVALID_ARGUMENT at `first` or `after`
 */
export function readPage<Row, Node>(
  connection: Connection,
  request: PageRequest,
  list: List<Row, Node>,
): Page<Node> {
  const first = checkPageSize(request.first);
  const { columns, name } = list.order;
  const conditions = list.filter.copy();
  if (request.after !== undefined) {
    const types = columns.map(({ type }) => type);
    addAfter(conditions, columns, decodeCursor(request.after, name, types));
  }
  const keys = columns.map(({ expression }, index) => `${expression} AS order_${index}`).join(', ');
  const order = columns
    .map(({ expression, descending }) => `${expression} ${descending ? 'DESC' : 'ASC'}`)
    .join(', ');
  const rows = connection.all<Row & Record<string, string | number>>(
    `SELECT ${list.select}, ${keys} FROM ${list.from} ${conditions.where} ORDER BY ${order} LIMIT ?`,
    [...conditions.params, first + 1],
  );
  const totalCount = async (): Promise<number> => {
    const total = connection.first<{ count: number }>(
      `SELECT count(*) AS count FROM ${list.countFrom ?? list.from} ${list.filter.where}`,
      list.filter.params,
    );
    return total?.count ?? 0;
  };
  const cursorOf = (row: Record<string, string | number>) =>
    encodeCursor(
      name,
      columns.map((_, index) => row[`order_${index}`] ?? ''),
    );
  return pageOf(rows, request, totalCount, cursorOf, list.nodeOf);
}

/** Rows after the values in an order whose columns may run in different directions. */
export function addAfter(
  conditions: Conditions,
  columns: readonly OrderColumn[],
  values: readonly SqlValue[],
): void {
  const [leading] = columns;
  // Says nothing new, but lets SQLite begin in the middle of an index.
  if (leading && columns.length > 1)
    conditions.add(`${leading.expression} ${leading.descending ? '<=' : '>='} ?`, values[0] ?? null);
  const alternatives: string[] = [];
  const params: SqlValue[] = [];
  for (const [index, column] of columns.entries()) {
    const equal = columns.slice(0, index).map(({ expression }) => `${expression} = ?`);
    alternatives.push([...equal, `${column.expression} ${column.descending ? '<' : '>'} ?`].join(' AND '));
    params.push(...values.slice(0, index + 1));
  }
  conditions.add(alternatives.map((alternative) => `(${alternative})`).join(' OR '), ...params);
}
