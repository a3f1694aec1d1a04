import type { EntityId } from '../domain/identity.js';
import type { EntityType } from '../domain/mention-types.js';
import { NIL, type PredicateSchema } from '../domain/predicates.js';
import type { Mention, Prediction } from '../domain/model.js';
import type { PreparedDocument } from './prepare.js';
import { resolveReferences } from './references.js';

type Relation = Pick<Prediction, 'label' | 'subjectMentionId' | 'objectMentionId'>;

/**
 * Resolves the pronouns of a document again where a prediction contradicts what they were resolved to:
 * - it relates a pronoun to the very name that it stands for. In "his son Robert" the model finds child of, so
 *   "his" is somebody else;
 * - it gives the pronoun a predicate that its entity's type cannot have. What has headquarters is no river.
 * The pronoun goes to its next best antecedent; one that still contradicts stays unresolved.
 */
export function keepRelatedApart(
  prepared: PreparedDocument,
  predictions: readonly Relation[],
  schema: PredicateSchema,
): PreparedDocument {
  const relations = predictions.filter(({ label }) => label !== NIL);
  if (relations.length === 0) return prepared;
  const apart = contradictions(prepared, relations, schema);
  if (apart.size === 0) return prepared;
  const { entities, entityOf } = resolveReferences({ ...prepared.references, apart });
  const mentions = prepared.mentions.map((mention, index) => ({
    ...mention,
    entityId: entityOf[index] ?? null,
  }));
  const again = { ...prepared, entities, mentions };
  const left = contradictions(again, relations, schema);
  return left.size === 0 ? again : unresolved(again, left);
}

/** By index of a pronoun: the mentions of the entity that it cannot stand for. */
function contradictions(
  { mentions, entities }: Pick<PreparedDocument, 'mentions' | 'entities'>,
  relations: readonly Relation[],
  schema: PredicateSchema,
): Map<number, Set<number>> {
  const typeOf = new Map(entities.map(({ id, type }) => [id, type]));
  const indexOf = new Map(mentions.map(({ id }, index) => [id, index]));
  const apart = new Map<number, Set<number>>();
  const contradict = (pronoun: number, entity: EntityId): void => {
    const names = mentions.flatMap(({ entityId, type }, index) =>
      entityId === entity && type !== 'PRON' ? [index] : [],
    );
    apart.set(pronoun, new Set([...(apart.get(pronoun) ?? []), ...names]));
  };
  for (const { label, subjectMentionId, objectMentionId } of relations) {
    const predicate = schema.get(label);
    // Predictions are made of the document's mentions.
    const subject = indexOf.get(subjectMentionId) as number;
    const object = indexOf.get(objectMentionId) as number;
    const ends = [
      { index: subject, types: predicate?.subjectTypes },
      { index: object, types: predicate?.objectTypes },
    ];
    for (const { index, types } of ends) {
      const { type, entityId } = mentions[index] as Mention;
      if (type !== 'PRON' || entityId === null) continue;
      const other = mentions[index === subject ? object : subject] as Mention;
      const isItself = other.type !== 'PRON' && other.entityId === entityId;
      const entityType = typeOf.get(entityId) as EntityType;
      if (isItself || (types && !types.includes(entityType))) contradict(index, entityId);
    }
  }
  return apart;
}

/** The document with some pronouns referring to nothing, and without entities that nothing refers to. */
function unresolved(prepared: PreparedDocument, pronouns: ReadonlyMap<number, unknown>): PreparedDocument {
  const mentions = prepared.mentions.map((mention, index) =>
    pronouns.has(index) ? { ...mention, entityId: null } : mention,
  );
  const referredTo = new Set(mentions.map(({ entityId }) => entityId));
  return { ...prepared, mentions, entities: prepared.entities.filter(({ id }) => referredTo.has(id)) };
}
