import { NeighborKbError } from '../../domain/errors.js';
import type { EntityId } from '../../domain/identity.js';
import { MAX_NEIGHBOURHOOD_DEPTH, MAX_NEIGHBOURHOOD_TRIPLES, type Neighbourhood } from '../graph-store.js';
import { entitiesById } from './read-entities.js';
import type { Connection } from './connection.js';
import * as rows from './rows.js';

interface EdgeRow extends rows.TripleRow {
  readonly key: number;
}

/**
 * Breadth first from an entity: nearest triples first, among equally near ones the most confident. The triples
 * between the outermost entities come last.
 *
 * @throws NeighborKbError INVALID_ARGUMENT at `depth` or `limit`
 */
export function neighbourhood(
  connection: Connection,
  id: EntityId,
  depth: number,
  limit: number,
): Neighbourhood | null {
  checkRange('depth', depth, MAX_NEIGHBOURHOOD_DEPTH);
  checkRange('limit', limit, MAX_NEIGHBOURHOOD_TRIPLES);
  const [start] = entitiesById(connection, [id]);
  if (!start) return null;

  const reached = new Set<EntityId>([id]);
  const triples = new Map<number, EdgeRow>();
  let truncated = false;
  let frontier: readonly EntityId[] = [id];
  for (let distance = 0; distance <= depth && frontier.length > 0 && !truncated; distance++) {
    const outermost = distance === depth;
    // One more than is wanted says whether there were more; those that are known already may come again.
    const room = limit - triples.size + 1;
    const edges = edgesOf(connection, frontier, triples, outermost, room);
    truncated = edges.length === room;
    const next = new Set<EntityId>();
    for (const edge of edges.slice(0, room - 1)) {
      triples.set(edge.key, edge);
      for (const end of [edge.subject_id, edge.object_id]) if (!reached.has(end)) next.add(end);
    }
    for (const end of next) reached.add(end);
    frontier = [...next];
  }
  const entities = entitiesById(connection, [...reached]).filter((entity) => entity !== null);
  return { entities, triples: [...triples.values()].map(rows.tripleOf), truncated };
}

/** Triples that touch the frontier (with `between`: that connect two of its entities) and are not yet known. */
function edgesOf(
  connection: Connection,
  frontier: readonly EntityId[],
  known: ReadonlyMap<number, EdgeRow>,
  between: boolean,
  limit: number,
): EdgeRow[] {
  return connection.all<EdgeRow>(
    `WITH frontier AS MATERIALIZED (
       SELECT key FROM entities WHERE id IN (SELECT value FROM json_each(?))
     ), touching AS (
       SELECT key FROM triples WHERE subject_key IN frontier
       ${between ? 'INTERSECT' : 'UNION'} SELECT key FROM triples WHERE object_key IN frontier
       EXCEPT SELECT value FROM json_each(?)
     )
     SELECT ${rows.TRIPLE_COLUMNS}, t.key FROM ${rows.TRIPLE_TABLES}
     WHERE t.key IN touching ORDER BY t.confidence DESC, t.id LIMIT ?`,
    [JSON.stringify(frontier), JSON.stringify([...known.keys()]), limit],
  );
}

function checkRange(field: string, value: number, max: number): void {
  if (!Number.isInteger(value) || value < 1 || value > max)
    throw new NeighborKbError('INVALID_ARGUMENT', `expected an integer from 1 to ${max}, got ${value}`, [
      field,
    ]);
}
