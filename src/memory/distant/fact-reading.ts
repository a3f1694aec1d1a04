import type { PredicateSchema } from '../../domain/predicates.js';

export interface FactReading {
  readonly schema: PredicateSchema;
  /** Facts with a predicate that the schema does not know: refused, or passed over and told of. */
  readonly onUnknownPredicate?: ((predicate: string) => void) | undefined;
}

/** What a predicate's name in a file of facts means; null for one that the schema does not know. */
export function predicateNamed(
  name: string,
  { predicates }: PredicateSchema,
): { readonly id: string; readonly inverse: boolean } | null {
  for (const { id, name: own } of predicates) if (id === name || own === name) return { id, inverse: false };
  for (const { id, covers } of predicates) if (covers.includes(name)) return { id, inverse: false };
  for (const { id, inverses } of predicates) if (inverses.includes(name)) return { id, inverse: true };
  return null;
}
