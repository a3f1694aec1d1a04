import { NIL } from '../domain/predicates.js';
import type { Mention, Prediction } from '../domain/model.js';
import type { PreparedDocument } from './prepare.js';
import { resolveReferences } from './references.js';

/**
 * Resolves the pronouns of a document again where a prediction relates one to the very name that it was resolved
 * to: in "his son Robert" the model finds child of, so "his" is somebody else. The pronoun goes to its next best
 * antecedent, or stays unresolved.
 */
export function keepRelatedApart(
  prepared: PreparedDocument,
  predictions: readonly Pick<Prediction, 'label' | 'subjectMentionId' | 'objectMentionId'>[],
): PreparedDocument {
  const apart = contradictions(prepared.mentions, predictions);
  if (apart.size === 0) return prepared;
  const { entities, entityOf } = resolveReferences({ ...prepared.references, apart });
  const mentions = prepared.mentions.map((mention, index) => ({
    ...mention,
    entityId: entityOf[index] ?? null,
  }));
  return { ...prepared, entities, mentions };
}

/** By index of a pronoun: the mentions of its own entity that it is related to. */
function contradictions(
  mentions: readonly Mention[],
  predictions: readonly Pick<Prediction, 'label' | 'subjectMentionId' | 'objectMentionId'>[],
): Map<number, Set<number>> {
  const apart = new Map<number, Set<number>>();
  const related = predictions.filter(({ label }) => label !== NIL);
  if (related.length === 0) return apart;
  const indexOf = new Map(mentions.map(({ id }, index) => [id, index]));
  for (const { subjectMentionId, objectMentionId } of related) {
    // Predictions are made of the document's mentions.
    const subject = indexOf.get(subjectMentionId) as number;
    const object = indexOf.get(objectMentionId) as number;
    const [a, b] = [mentions[subject] as Mention, mentions[object] as Mention];
    if (a.entityId === null || a.entityId !== b.entityId) continue;
    const [pronoun, name] = a.type === 'PRON' ? [subject, object] : [object, subject];
    apart.set(pronoun, (apart.get(pronoun) ?? new Set()).add(name));
  }
  return apart;
}
