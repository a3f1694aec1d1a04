import { NeighborKbError } from './errors.js';
import type { EntityId, MergeId } from './identity.js';
import type { EntityType } from './mention-types.js';
import type { Entity } from './model.js';

/*
 * Identity is one mechanism: redirects from one entity id to another. A merge redirects what was merged to what it was
 * merged into; a dictionary redirects the names of a known entity to that entity. The graph is a function of the
 * documents and of the redirects that are in force, whatever came first.
 */

/** What is kept of an entity at the end of a redirect, so that it can be there before any document speaks of it. */
export type EntityReference = Pick<Entity, 'id' | 'type' | 'name'>;

/** What entity ids stand for, chains followed; an id that is not in it stands for itself. */
export type Redirects = ReadonlyMap<EntityId, EntityReference>;

export const NO_REDIRECTS: Redirects = new Map();

/** A curator's word that two entities are one. Undone merges are kept: they are the record of what was done. */
export interface Merge {
  readonly id: MergeId;
  readonly from: EntityReference;
  readonly into: EntityReference;
  readonly by: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly note: string | null;
  readonly undone: { readonly by: string; readonly at: string } | null;
}

/** A curator's word that two entities are not one: suggestions leave the pair out. */
export interface Distinction {
  /** In code-unit order of their ids. */
  readonly entities: readonly [EntityReference, EntityReference];
  readonly by: string;
  readonly at: string;
  readonly note: string | null;
}

/** One step: at most one leads out of an id. A merge goes before what a dictionary says. */
export interface Redirect {
  readonly to: EntityId;
  readonly source: 'merge' | 'dictionary';
}

/**
 * The end of the chain that begins at an id. Merges alone never form a cycle (`checkMerge`); where a dictionary that
 * came later closes one, a curator's word stands: of the dictionary's steps in the cycle the one out of the smallest
 * id is left out, whichever id the chain began at.
 */
export function representative(id: EntityId, stepFrom: (id: EntityId) => Redirect | undefined): EntityId {
  const seen = new Set<EntityId>();
  let current = id;
  for (;;) {
    const step = stepFrom(current);
    if (!step || step.to === current) return current;
    if (seen.has(current)) return endOfCycle(current, stepFrom);
    seen.add(current);
    current = step.to;
  }
}

function endOfCycle(start: EntityId, stepFrom: (id: EntityId) => Redirect | undefined): EntityId {
  let end: EntityId | undefined;
  let current = start;
  do {
    const step = stepFrom(current);
    if (!step) break;
    if (step.source === 'dictionary' && (end === undefined || current < end)) end = current;
    current = step.to;
  } while (current !== start);
  if (end === undefined) throw new Error(`merges form a cycle at ${start}`);
  return end;
}

/** What has a value of its own and no identity beyond it. */
const VALUES: readonly EntityType[] = ['TIME', 'NUM'];

/**
 * @param from @param into both at the ends of their chains
 * @throws NeighborKbError CONFLICT where the two are one already (a merge would close a cycle); INVALID_ARGUMENT for
 *   dates and numbers
 */
export function checkMerge(from: EntityReference, into: EntityReference): void {
  for (const [field, { type, name }] of Object.entries({ from, into }))
    if (VALUES.includes(type))
      throw new NeighborKbError(
        'INVALID_ARGUMENT',
        `${JSON.stringify(name)} is a ${type === 'TIME' ? 'date' : 'number'}: its value is its identity, expected a person, organisation, place or other thing`,
        [field],
      );
  if (from.id === into.id)
    throw new NeighborKbError(
      'CONFLICT',
      `both stand for ${JSON.stringify(into.name)} (${into.id}) already`,
      ['into'],
    );
}
