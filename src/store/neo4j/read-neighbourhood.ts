import { NeighborKbError } from '../../domain/errors.js';
import type { EntityId, TripleId } from '../../domain/identity.js';
import type { Triple } from '../../domain/model.js';
import { MAX_NEIGHBOURHOOD_DEPTH, MAX_NEIGHBOURHOOD_TRIPLES, type Neighbourhood } from '../graph-store.js';
import { int, type Neo4jConnection } from './connection.js';
import { entitiesById } from './read-entities.js';
import * as rows from './rows.js';

/**
 * Breadth first from an entity: nearest triples first, among equally near ones the most confident. The triples
 * between the outermost entities come last.
 *
 * @throws NeighborKbError INVALID_ARGUMENT at `depth` or `limit`
 */
export async function neighbourhood(
  connection: Neo4jConnection,
  id: EntityId,
  depth: number,
  limit: number,
): Promise<Neighbourhood | null> {
  checkRange('depth', depth, MAX_NEIGHBOURHOOD_DEPTH);
  checkRange('limit', limit, MAX_NEIGHBOURHOOD_TRIPLES);
  const [start] = await entitiesById(connection, [id]);
  if (!start) return null;

  const reached = new Set<EntityId>([start.id]);
  const triples = new Map<TripleId, Triple>();
  let truncated = false;
  let frontier: readonly EntityId[] = [start.id];
  for (let distance = 0; distance <= depth && frontier.length > 0 && !truncated; distance++) {
    // One more than is wanted says whether there were more.
    const room = limit - triples.size + 1;
    const edges = await edgesOf(connection, frontier, [...triples.keys()], distance === depth, room);
    truncated = edges.length === room;
    const next = new Set<EntityId>();
    for (const edge of edges.slice(0, room - 1)) {
      triples.set(edge.id, edge);
      for (const end of [edge.subjectId, edge.objectId]) if (!reached.has(end)) next.add(end);
    }
    for (const end of next) reached.add(end);
    frontier = [...next];
  }
  const entities = (await entitiesById(connection, [...reached])).filter((entity) => entity !== null);
  return { entities, triples: [...triples.values()], truncated };
}

/** Triples that touch the frontier (with `between`: that connect two of its entities) and are not yet known. */
async function edgesOf(
  connection: Neo4jConnection,
  frontier: readonly EntityId[],
  known: readonly TripleId[],
  between: boolean,
  limit: number,
): Promise<Triple[]> {
  const found = await connection.read<{ node: rows.TripleNode }>(
    `MATCH (t:Triple)
     WHERE (t.subjectId IN $frontier ${between ? 'AND' : 'OR'} t.objectId IN $frontier) AND NOT t.id IN $known
     WITH t ORDER BY t.confidence DESC, t.id LIMIT $limit
     RETURN ${rows.TRIPLE} ORDER BY t.confidence DESC, t.id`,
    { frontier, known, limit: int(limit) },
  );
  return found.map(({ node }) => rows.tripleOf(node));
}

function checkRange(field: string, value: number, max: number): void {
  if (!Number.isInteger(value) || value < 1 || value > max)
    throw new NeighborKbError('INVALID_ARGUMENT', `expected an integer from 1 to ${max}, got ${value}`, [
      field,
    ]);
}
