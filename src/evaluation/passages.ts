import type { LabelledText } from '../datasets/ports.js';
import { type FieldPath, NeighborKbError } from '../domain/errors.js';
import type { Span } from '../domain/offsets.js';
import { NIL } from '../domain/predicates.js';
import type { LabelMapping } from '../memory/building/label-mapping.js';

/** A fact that annotators found: two spans of the passage and what holds between them. */
export interface GoldFact {
  readonly subject: Span;
  readonly object: Span;
  /** Predicate id, or a data set's own label where it is judged in its own terms. */
  readonly predicate: string;
}

/** One annotated passage; spans in UTF-16 units. */
export interface Passage {
  /** Unique in the file. */
  readonly id: string;
  /** Passages of one document stay together when data is resampled or divided. */
  readonly group: string;
  readonly text: string;
  /** Labels that annotators looked for here: others are not judged. */
  readonly annotated: ReadonlySet<string>;
  readonly facts: readonly GoldFact[];
}

/**
 * What a data set's label is in the terms that are judged; null where it says nothing there.
 * @returns the label, and whether it holds from object to subject
 */
export function termOf(
  label: string,
  mapping: LabelMapping,
): { readonly label: string; readonly inverse: boolean } | null {
  const mapped = mapping.label(label);
  return mapped.label === null || mapped.label === NIL
    ? null
    : { label: mapped.label, inverse: mapped.inverse };
}

/** Labels by pair of mentions (`subject>object`), in the terms that are judged. */
export function labelsByPair(
  text: LabelledText,
  mapping: LabelMapping,
): ReadonlyMap<string, ReadonlySet<string>> {
  const ofPair = new Map<string, Set<string>>();
  for (const { subject, object, label } of text.relations) {
    const term = termOf(label, mapping);
    if (!term) continue;
    const key = term.inverse ? `${object}>${subject}` : `${subject}>${object}`;
    ofPair.set(key, (ofPair.get(key) ?? new Set()).add(term.label));
  }
  return ofPair;
}

/**
 * A text as what is to be found in it.
 * @param allLabels judged wherever the text does not say which labels were looked for
 */
export function passageOf(
  text: LabelledText,
  mapping: LabelMapping,
  allLabels: ReadonlySet<string>,
): Passage {
  const judged = text.judgedLabels?.flatMap((label) => termOf(label, mapping)?.label ?? []);
  const facts = new Map<string, GoldFact>();
  for (const [index, relation] of text.relations.entries()) {
    const term = termOf(relation.label, mapping);
    if (term === null) continue;
    const ends = [relation.subject, relation.object].map((mention) => mentionOf(text, mention, index));
    const [subject, object] = (term.inverse ? ends.reverse() : ends) as [Span, Span];
    const key = `${subject.start}-${subject.end} ${term.label} ${object.start}-${object.end}`;
    facts.set(key, { subject, object, predicate: term.label });
  }
  return {
    id: text.id,
    group: text.document ?? text.id,
    text: text.text,
    annotated: judged ? new Set(judged) : allLabels,
    facts: [...facts.values()],
  };
}

function mentionOf(text: LabelledText, mention: number, relation: number): Span {
  const found = text.mentions[mention];
  if (!found)
    throw new NeighborKbError(
      'INVALID_FILE',
      `${text.origin}: relation ${relation} has no mention ${mention}`,
      ['relations', relation],
    );
  return { start: found.start, end: found.end };
}

/** Labels that any of the texts uses, by code units. */
export function labelsOf(texts: readonly LabelledText[], mapping: LabelMapping): string[] {
  const labels = new Set<string>();
  for (const { relations, judgedLabels = [] } of texts)
    for (const label of [...relations.map((relation) => relation.label), ...judgedLabels]) {
      const term = termOf(label, mapping);
      if (term) labels.add(term.label);
    }
  return [...labels].sort();
}

/**
 * A score of nothing would say 0 of an extraction that did nothing wrong.
 * @param expected what the files should hold
 * @throws NeighborKbError INVALID_FILE naming them where nothing was read
 */
export function requireTexts(read: readonly unknown[], paths: readonly string[], expected: string): void {
  if (read.length > 0) return;
  const files = paths.join(', ');
  const holds = paths.length > 1 ? 'hold' : 'holds';
  throw new NeighborKbError('INVALID_FILE', `${files} ${holds} no text, expected ${expected}`, paths);
}

/**
 * @param what the passages are, for people
 * @param path where the caller's input names them
 * @throws NeighborKbError INVALID_ARGUMENT where nothing can be found: no setting is better than another there
 */
export function requireFacts(passages: readonly Passage[], what: string, path: FieldPath): void {
  if (passages.every(({ facts }) => facts.length === 0))
    throw new NeighborKbError(
      'INVALID_ARGUMENT',
      `${what} holds no relation that is judged: nothing can be tuned or measured on it`,
      path,
    );
}
