import { normaliseName } from '../../domain/identity.js';
import type { EntityType } from '../../domain/mention-types.js';
import type { PredicateSchema } from '../../domain/predicates.js';

/** What an entity's node is called beside `Entity`, for people who browse. */
export const ENTITY_LABELS: Readonly<Record<EntityType, string>> = {
  PER: 'Person',
  ORG: 'Organisation',
  LOC: 'Place',
  TIME: 'Time',
  NUM: 'Quantity',
  MISC: 'Thing',
};

/**
 * The types of the relationships that stand for triples: a predicate's name in upper snake case, `EDUCATED_AT`; its
 * id where it is none of the schema's, or where another predicate's name reads the same.
 */
export class RelationshipTypes {
  private readonly typeOf: ReadonlyMap<string, string>;

  constructor(schema: Pick<PredicateSchema, 'predicates'>) {
    const taken = new Set<string>();
    const typeOf = new Map<string, string>();
    for (const { id, name } of schema.predicates) {
      const type = upperSnake(name);
      const free = type !== '' && !taken.has(type);
      typeOf.set(id, free ? type : id);
      taken.add(type);
    }
    this.typeOf = typeOf;
  }

  of(predicate: string): string {
    return this.typeOf.get(predicate) ?? predicate;
  }
}

function upperSnake(name: string): string {
  return normaliseName(name)
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .toUpperCase();
}
