import { MENTION_TYPES } from '../../domain/mention-types.js';
import type { PredicateSchema } from '../../domain/predicates.js';
import type { RelationEncoder } from '../../inference/ports.js';

/** Null where the encoder's mention types are not the schema's: everything passes then. */
export type TypeGates = PredicateSchema | null;

export function typeGatesOf(
  { mentionTypes }: Pick<RelationEncoder, 'mentionTypes'>,
  schema: PredicateSchema,
): TypeGates {
  const known: readonly string[] = MENTION_TYPES;
  return mentionTypes.every((type) => known.includes(type)) ? schema : null;
}

interface Typed {
  readonly type: string;
}

/**
 * Whether a pair may have a label, or any where none is given. Labels that the schema does not have, those of data sets
 * of one's own, have no gates.
 */
export function permits(
  gate: TypeGates,
  subject: Typed | undefined,
  object: Typed | undefined,
  label?: string,
): boolean {
  if (!gate || !subject || !object || (label !== undefined && !gate.has(label))) return true;
  const permitted = gate.permitted(subject.type, object.type);
  return label === undefined ? permitted.size > 0 : permitted.has(label);
}
