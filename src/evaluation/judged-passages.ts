import { openDataset } from '../datasets/open.js';
import type { LabelledText } from '../datasets/ports.js';
import { NeighborKbError } from '../domain/errors.js';
import type { PredicateSchema } from '../domain/predicates.js';
import { LabelMapping } from '../memory/building/label-mapping.js';
import { labelsOf, type Passage, passageOf, requireTexts } from './passages.js';

/**
 * Texts as passages that the schema judges: facts of its predicates alone. A label that the texts never use was not
 * looked for, unless a text says itself what was.
 */
export function judgedPassages(
  texts: readonly LabelledText[],
  mapping: LabelMapping,
  schema: PredicateSchema,
): Passage[] {
  const judged = new Set(labelsOf(texts, mapping).filter((label) => schema.has(label)));
  return texts.map((text) => {
    const passage = passageOf(text, mapping, judged);
    return { ...passage, facts: passage.facts.filter(({ predicate }) => judged.has(predicate)) };
  });
}

/**
 * Reads KnowledgeNet passages, of which every property must have a predicate: a score over some of them is no score of
 * KnowledgeNet.
 * @throws NeighborKbError INVALID_FILE naming file, line and field, a property without a predicate included, or a file
 *   without passages; NOT_FOUND
 */
export async function readKnowledgeNetPassages(path: string, schema: PredicateSchema): Promise<Passage[]> {
  const mapping = LabelMapping.ofFormat('knowledgenet', schema);
  const texts: LabelledText[] = [];
  for await (const text of await openDataset('knowledgenet', path)) {
    refuseUnknown(text, mapping, schema);
    texts.push(text);
  }
  requireTexts(texts, [path], 'KnowledgeNet passages as JSON lines: documentId, text, properties, facts');
  return judgedPassages(texts, mapping, schema);
}

function refuseUnknown(text: LabelledText, mapping: LabelMapping, schema: PredicateSchema): void {
  const names = [...(text.judgedLabels ?? []), ...text.relations.map(({ label }) => label)];
  const unknown = names.find((name) => !schema.has(mapping.label(name).label ?? ''));
  if (unknown === undefined) return;
  throw new NeighborKbError('INVALID_FILE', `${text.origin}: no predicate answers to ${unknown}`, [
    text.origin,
    'properties',
  ]);
}
