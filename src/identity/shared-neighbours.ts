import type { EntityId } from '../domain/identity.js';
import type { GraphStore } from '../store/graph-store.js';
import type { DuplicateEvidence } from './name-evidence.js';

/** Most triples of an entity that are compared, in either direction: its most confident ones. */
const TRIPLES = 50;
/** Entities whose triples are read together. */
const SLICE = 200;

/**
 * Triples that two entities have in common but for themselves: the same predicate with the same other end.
 * @returns null for a pair that shares none
 */
export async function sharedNeighbours(
  store: GraphStore,
  pairs: readonly (readonly [EntityId, EntityId])[],
): Promise<(DuplicateEvidence | null)[]> {
  const around = await ends(store, [...new Set(pairs.flat())]);
  return pairs.map(([a, b]) => {
    const theirs = around.get(b) ?? new Map<string, EntityId>();
    const shared = [...(around.get(a) ?? [])].filter(
      ([key, end]) => theirs.has(key) && end !== a && end !== b,
    );
    if (shared.length === 0) return null;
    // One shared birthplace is common among strangers, three shared facts are not.
    const weight = 1 - 0.75 ** shared.length;
    const detail =
      shared.length === 1
        ? 'one triple of both is the same'
        : `${shared.length} triples of both are the same`;
    return { reason: 'shared-neighbours', weight, detail };
  });
}

/** Of each entity the other ends of its triples, by direction, predicate and end. */
async function ends(
  store: GraphStore,
  ids: readonly EntityId[],
): Promise<ReadonlyMap<EntityId, ReadonlyMap<string, EntityId>>> {
  const found = new Map<EntityId, Map<string, EntityId>>(ids.map((id) => [id, new Map()]));
  for (let start = 0; start < ids.length; start += SLICE) {
    const slice = ids.slice(start, start + SLICE);
    for (const side of ['subject', 'object'] as const) {
      const pages = await store.queries.triplesOf(side, slice, { first: TRIPLES });
      for (const [place, page] of pages.entries())
        for (const { node } of page.items) {
          const end = side === 'subject' ? node.objectId : node.subjectId;
          found.get(slice[place] as EntityId)?.set(`${side} ${node.predicate} ${end}`, end);
        }
    }
  }
  return found;
}
