import type { EntityId } from '../../domain/identity.js';
import type { Triple } from '../../domain/model.js';
import type { TripleFilter } from '../graph-store.js';
import type { TripleScanner } from '../queries/triple-scanner.js';
import type { OrderColumn } from '../orders.js';
import { IN_IDS, idList } from './by-ids.js';
import type { Connection } from './connection.js';
import { addAfter } from './keyset.js';
import { walkConditions } from './read-triples.js';
import { resolveIds } from './redirects.js';
import * as rows from './rows.js';

/** Reads for walks through the graph. @param connection of the moment: a store may be opened anew */
export function sqliteTripleScanner(connection: () => Connection): TripleScanner {
  return {
    resolve: async (ids) => resolve(connection(), ids),
    scan: async (filter, after, limit) => {
      // Walks make many of these reads in a row: others have their turn between two of them.
      await new Promise((resolve) => setImmediate(resolve));
      return scan(connection(), filter, after, limit);
    },
  };
}

function resolve(connection: Connection, ids: readonly EntityId[]): (EntityId | null)[] {
  const wanted = resolveIds(connection, ids);
  const found = connection.all<{ id: EntityId }>(`SELECT id FROM entities WHERE id ${IN_IDS}`, [
    idList(wanted),
  ]);
  const there = new Set(found.map(({ id }) => id));
  return wanted.map((id) => (there.has(id) ? id : null));
}

function scan(connection: Connection, filter: TripleFilter, after: Triple | null, limit: number): Triple[] {
  const conditions = walkConditions(filter);
  // A plus keeps SQLite from walking the index of confidences, where the index of the ends finds far less.
  const plus = (filter.subjectIds ?? filter.objectIds) ? '+' : '';
  const order: readonly OrderColumn[] = [
    { expression: `${plus}t.confidence`, type: 'number', descending: true },
    { expression: 't.id', type: 'string', descending: true },
  ];
  if (after) addAfter(conditions, order, [after.confidence, after.id]);
  return connection
    .all<rows.TripleRow>(
      // Sorted before anything is joined to it.
      `WITH page AS MATERIALIZED (
         SELECT t.key FROM triples t ${conditions.where} ORDER BY ${plus}t.confidence DESC, t.id DESC LIMIT ?
       )
       SELECT ${rows.TRIPLE_COLUMNS} FROM page CROSS JOIN ${rows.TRIPLE_TABLES} WHERE t.key = page.key
       ORDER BY t.confidence DESC, t.id DESC`,
      [...conditions.params, limit],
    )
    .map(rows.tripleOf);
}
