import type { TripleOwner } from '../graph-queries.js';
import type { TripleCount, TripleCountField, TripleFilter } from '../graph-store.js';
import { IN_IDS, readByOwners } from './by-ids.js';
import type { Connection } from './connection.js';
import { TRIPLE_OWNERS } from './owned-triples.js';
import { tripleConditions } from './read-triples.js';

/** What a count groups by: its value, the tables beside `triples t` that it needs, and when it has one. */
interface CountSource {
  readonly value: string;
  readonly join?: string;
  readonly condition?: string;
}

const DATE_JOIN = 'JOIN entities date ON date.key = t.object_key';
const BAND = 'min(9, CAST(t.confidence * 10 AS INTEGER))';

const SOURCES: Readonly<Record<TripleCountField, CountSource>> = {
  predicate: { value: 't.predicate' },
  subjectType: { value: 't.subject_type' },
  objectType: { value: 't.object_type' },
  status: { value: 't.status' },
  document: {
    value: 'support.id',
    join: `JOIN (SELECT DISTINCT p.triple_key, d.id FROM predictions p JOIN documents d ON d.key = p.document_key
      WHERE p.triple_key IS NOT NULL) support ON support.triple_key = t.key`,
  },
  // What follows the year is -MM-DD or -MM.
  objectYear: {
    value: `CASE date.date_precision WHEN 'day' THEN substr(date.date_iso, 1, length(date.date_iso) - 6)
      WHEN 'month' THEN substr(date.date_iso, 1, length(date.date_iso) - 3) ELSE date.date_iso END`,
    join: DATE_JOIN,
    condition: `date.date_precision IN ('day', 'month', 'year')`,
  },
  objectMonth: {
    value: `CASE date.date_precision WHEN 'day' THEN substr(date.date_iso, 1, length(date.date_iso) - 3)
      ELSE date.date_iso END`,
    join: DATE_JOIN,
    condition: `date.date_precision IN ('day', 'month')`,
  },
  confidenceBand: { value: `printf('%.1f-%.1f', ${BAND} / 10.0, (${BAND} + 1) / 10.0)` },
};

/** SQLite's LIMIT for no limit. */
const UNLIMITED = -1;

export function countTriples(
  connection: Connection,
  by: TripleCountField,
  filter: TripleFilter,
  limit: number = UNLIMITED,
): TripleCount[] {
  const { value, join = '', condition } = SOURCES[by];
  const conditions = tripleConditions(filter);
  if (condition) conditions.add(condition);
  return connection
    .all<TripleCount>(
      `SELECT ${value} AS key, count(*) AS count FROM triples t ${join} ${conditions.where}
       GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?`,
      [...conditions.params, limit],
    )
    .map(({ key, count }) => ({ key, count }));
}

/** Of the triples of each owner. */
export function countTriplesOf(
  connection: Connection,
  owner: TripleOwner,
  ids: readonly string[],
  by: TripleCountField,
  filter: TripleFilter,
): TripleCount[][] {
  const { value, join = '', condition } = SOURCES[by];
  const conditions = tripleConditions(filter);
  if (condition) conditions.add(condition);
  const sql = `SELECT owner.id AS owner, ${value} AS key, count(*) AS count
    FROM ${TRIPLE_OWNERS[owner]} ${join} WHERE owner.id ${IN_IDS} AND ${conditions.expression}
    GROUP BY 1, 2 ORDER BY 3 DESC, 2`;
  const nodeOf = ({ key, count }: TripleCount): TripleCount => ({ key, count });
  return readByOwners(connection, sql, ids, nodeOf, conditions.params);
}
