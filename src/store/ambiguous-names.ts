import { groupBy } from '../domain/arrays.js';
import type { EntityId } from '../domain/identity.js';
import type { EntityReference } from '../domain/redirects.js';
import type { AmbiguousName } from './identity-store.js';

/** A known entity that goes by an ambiguous name. */
export interface NameRow {
  /** What the name identifies by itself. */
  readonly nameId: EntityId;
  /** As this entity's entry writes it. */
  readonly shared: string;
  readonly entity: EntityReference;
}

/** @param rows by dictionary, then place in it: an entity is called what its first entry calls it */
export function ambiguousNamesOf(rows: readonly NameRow[]): AmbiguousName[] {
  return [...groupBy(rows, ({ nameId }) => nameId).values()]
    .flatMap((group) => {
      const [first] = group;
      if (!first) return [];
      const byId = new Map([...group].reverse().map(({ entity }) => [entity.id, entity]));
      return {
        name: group.map(({ shared }) => shared).reduce((a, b) => (b < a ? b : a)),
        type: first.entity.type,
        entities: [...byId.values()].sort((a, b) => compare(a.id, b.id)),
      };
    })
    .sort((a, b) => compare(a.name, b.name) || compare(a.type, b.type));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
