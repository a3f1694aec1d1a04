import type { EntityId } from '../../domain/identity.js';
import type { TripleScanner } from '../queries/triple-scanner.js';
import { int, type Neo4jConnection } from './connection.js';
import { afterCursor, inIndex, joinedExpression, Parameters } from './keyset.js';
import { alikeIn, tripleConditions } from './read-triples.js';
import { resolvedIds } from './redirects.js';
import * as rows from './rows.js';

const ORDER = [
  { expression: 't.confidence', type: 'number', descending: true },
  { expression: 't.id', type: 'string', descending: true },
] as const;

/** Reads for walks through the graph. @param connection of the moment: a store may be opened anew */
export function neo4jTripleScanner(connection: () => Neo4jConnection): TripleScanner {
  return {
    resolve: async (ids) => {
      const wanted = await resolvedIds(connection(), ids);
      const found = await connection().read<{ id: EntityId }>(
        'MATCH (e:Entity) WHERE e.id IN $ids RETURN e.id AS id',
        { ids: wanted },
      );
      const there = new Set(found.map(({ id }) => id));
      return wanted.map((id) => (there.has(id) ? id : null));
    },
    scan: async (filter, after, limit) => {
      const parameters = new Parameters();
      // Whoever walks has checked what it was asked, and joins it to the ends where it is.
      const conditions = [joinedExpression(filter, parameters, tripleConditions)];
      // Known ends find few triples, which are sorted; else what is read comes from an index in this order.
      const isNarrow = (filter.subjectIds ?? filter.objectIds) !== undefined;
      const alike = isNarrow ? undefined : alikeIn(filter, ORDER);
      const values = after ? [after.confidence, after.id] : undefined;
      if (values) conditions.push(afterCursor(ORDER, values, parameters));
      if (!isNarrow) conditions.push(inIndex(ORDER, values, parameters));
      const found = await connection().read<{ node: rows.TripleNode }>(
        `MATCH (t:Triple) WHERE ${conditions.join(' AND ')}
         WITH t ORDER BY ${alike ? `${alike} DESC, ` : ''}t.confidence DESC, t.id DESC LIMIT ${parameters.add(int(limit))}
         RETURN ${rows.TRIPLE} ORDER BY t.confidence DESC, t.id DESC`,
        parameters.values,
      );
      return found.map(({ node }) => rows.tripleOf(node));
    },
  };
}
