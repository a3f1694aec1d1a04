import type { Triple } from '../../domain/model.js';
import type { TripleOwner } from '../graph-queries.js';
import type { Page, TripleCount, TripleCountField, TripleFilter, TripleQuery } from '../graph-store.js';
import { checkPageSize, decodeCursor, encodeCursor, pageOf } from '../page.js';
import type { OrderColumn } from '../orders.js';
import { readByOwners } from './by-ids.js';
import { int, type Neo4jConnection } from './connection.js';
import { COUNT_SOURCES } from './count-triples.js';
import { afterCursor, filterExpression, Parameters } from './keyset.js';
import { TRIPLE_ORDERS, tripleConditions } from './read-triples.js';
import * as rows from './rows.js';

/** The triples `t` of an `owner`, which is an id. */
const OWNED: Readonly<Record<TripleOwner, string>> = {
  subject: 'MATCH (t:Triple) WHERE t.subjectId = owner',
  object: 'MATCH (t:Triple) WHERE t.objectId = owner',
  document: `MATCH (:Document {id: owner})-[:HAS_SENTENCE]->(:Sentence)-[:HAS_PREDICTION]->(:Evidence)-[:SUPPORTS]->(t:Triple)
    WITH DISTINCT owner, t WHERE true`,
};

type OwnedRow = Readonly<Record<string, string | number>> & { readonly triple: rows.TripleNode };

/**
 * A page of each owner's triples in one statement, their numbers in another one if any is asked for.
 * @throws NeighborKbError INVALID_ARGUMENT
 */
export async function triplesOf(
  connection: Neo4jConnection,
  owner: TripleOwner,
  ids: readonly string[],
  query: TripleQuery,
): Promise<Page<Triple>[]> {
  const first = checkPageSize(query.first);
  const order = TRIPLE_ORDERS[query.order ?? 'confidenceDescending'];
  const columns: readonly OrderColumn[] = order.columns;
  const parameters = new Parameters();
  const where = filterExpression(query.filter, parameters, tripleConditions);
  const totalParams = { ...parameters.values };
  const conditions = [where];
  if (query.after !== undefined) {
    const types = columns.map(({ type }) => type);
    conditions.push(afterCursor(columns, decodeCursor(query.after, order.name, types), parameters));
  }
  const keys = columns.map(({ expression }, index) => `order${index}: ${expression}`).join(', ');
  const direction = columns
    .map(({ expression, descending }) => `${expression} ${descending ? 'DESC' : 'ASC'}`)
    .join(', ');
  const limit = parameters.add(int(first + 1));
  const page = `UNWIND $ids AS owner
    CALL (owner) {
      ${OWNED[owner]} AND ${conditions.join(' AND ')}
      RETURN t ORDER BY ${direction} LIMIT ${limit}
    }
    WITH owner, t, ${rows.TRIPLE.replace(' AS node', ' AS triple')}
    RETURN owner, {triple: triple, ${keys}} AS node ORDER BY owner, ${direction}`;
  const totals = `UNWIND $ids AS owner
    ${OWNED[owner]} AND ${where}
    RETURN owner, count(t) AS node`;
  const pages = await readByOwners(connection, page, ids, (row: OwnedRow) => row, parameters.values);
  let counts: Promise<number[][]> | undefined;
  const totalOf = async (place: number): Promise<number> => {
    counts ??= readByOwners(connection, totals, ids, (count: number) => count, totalParams);
    return (await counts)[place]?.[0] ?? 0;
  };
  const cursorOf = (row: OwnedRow): string =>
    encodeCursor(
      order.name,
      columns.map((_, index) => row[`order${index}`] ?? ''),
    );
  return pages.map((ofOwner, place) =>
    pageOf(
      ofOwner,
      query,
      () => totalOf(place),
      cursorOf,
      ({ triple }) => rows.tripleOf(triple),
    ),
  );
}

/** Counts of each owner's triples by a field, in one statement. */
export function countTriplesOf(
  connection: Neo4jConnection,
  owner: TripleOwner,
  ids: readonly string[],
  by: TripleCountField,
  filter: TripleFilter,
): Promise<TripleCount[][]> {
  const { value, match = '' } = COUNT_SOURCES[by];
  const parameters = new Parameters();
  const where = filterExpression(filter, parameters, tripleConditions);
  const statement = `UNWIND $ids AS owner
    CALL (owner) {
      ${OWNED[owner]} AND ${where} ${match}
      RETURN ${value} AS key, count(*) AS count
    }
    RETURN owner, {key: key, count: count} AS node ORDER BY owner, count DESC, key`;
  return readByOwners(connection, statement, ids, (node: TripleCount) => node, parameters.values);
}
