import type { Triple } from '../../domain/model.js';
import type { TripleOwner } from '../graph-queries.js';
import type { Page, TripleQuery } from '../graph-store.js';
import { checkPageSize, decodeCursor, encodeCursor, pageOf } from '../page.js';
import type { OrderColumn } from '../orders.js';
import { IN_IDS, idList } from './by-ids.js';
import type { Connection } from './connection.js';
import { addAfter, type Conditions } from './keyset.js';
import { TRIPLE_ORDERS, tripleConditions } from './read-triples.js';
import * as rows from './rows.js';

/** FROM clauses with `triples t` and `owner`, which has an id. */
export const TRIPLE_OWNERS: Readonly<Record<TripleOwner, string>> = {
  subject: 'entities owner JOIN triples t ON t.subject_key = owner.key',
  object: 'entities owner JOIN triples t ON t.object_key = owner.key',
  document: `documents owner
    JOIN triples t ON t.key IN (
      SELECT triple_key FROM predictions WHERE document_key = owner.key AND triple_key IS NOT NULL)`,
};

type OwnedRow = rows.TripleRow & Readonly<Record<string, string | number>> & { readonly owner: string };

/**
 * A page of each owner's triples in one statement, their numbers in another one if any is asked for.
 * @throws NeighborKbError INVALID_ARGUMENT
 */
export function triplesOf(
  connection: Connection,
  owner: TripleOwner,
  ids: readonly string[],
  query: TripleQuery,
): Page<Triple>[] {
  const first = checkPageSize(query.first);
  const order = TRIPLE_ORDERS[query.order ?? 'confidenceDescending'];
  const columns: readonly OrderColumn[] = order.columns;
  const conditions = tripleConditions(query.filter);
  let totals: ReadonlyMap<string, number> | undefined;
  const filter = conditions.copy();
  const totalOf = async (id: string): Promise<number> =>
    (totals ??= countsOf(connection, owner, ids, filter)).get(id) ?? 0;
  if (query.after !== undefined) {
    const types = columns.map(({ type }) => type);
    addAfter(conditions, columns, decodeCursor(query.after, order.name, types));
  }
  const keys = columns.map(({ expression }, index) => `${expression} AS order_${index}`).join(', ');
  const direction = columns
    .map(({ expression, descending }) => `${expression} ${descending ? 'DESC' : 'ASC'}`)
    .join(', ');
  const pages = new Map<string, OwnedRow[]>(ids.map((id) => [id, []]));
  for (const row of connection.all<OwnedRow>(
    `SELECT * FROM (
       SELECT owner.id AS owner, ${rows.TRIPLE_COLUMNS}, ${keys},
         row_number() OVER (PARTITION BY owner.key ORDER BY ${direction}) AS place
       FROM ${TRIPLE_OWNERS[owner]} JOIN entities subject ON subject.key = t.subject_key
         JOIN entities object ON object.key = t.object_key
       WHERE owner.id ${IN_IDS} AND ${conditions.expression}
     ) WHERE place <= ? ORDER BY owner, place`,
    [idList(ids), ...conditions.params, first + 1],
  ))
    pages.get(row.owner)?.push(row);

  const cursorOf = (row: OwnedRow): string =>
    encodeCursor(
      order.name,
      columns.map((_, index) => row[`order_${index}`] ?? ''),
    );
  return ids.map((id) => pageOf(pages.get(id) ?? [], query, () => totalOf(id), cursorOf, rows.tripleOf));
}

/** Number of each owner's triples that a filter matches; owners without any are left out. */
function countsOf(
  connection: Connection,
  owner: TripleOwner,
  ids: readonly string[],
  filter: Conditions,
): ReadonlyMap<string, number> {
  const counts = connection.all<{ owner: string; count: number }>(
    `SELECT owner.id AS owner, count(*) AS count FROM ${TRIPLE_OWNERS[owner]}
     WHERE owner.id ${IN_IDS} AND ${filter.expression} GROUP BY 1`,
    [idList(ids), ...filter.params],
  );
  return new Map(counts.map((row) => [row.owner, row.count]));
}
