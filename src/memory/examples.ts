import { spansOverlap } from '../domain/offsets.js';
import { NIL, type PredicateSchema } from '../domain/predicates.js';
import type { LabelledSentence } from './source.js';

/** Which pairs of a sentence become entries. */
export interface ExampleChoice {
  /** NIL entries: the pairs that sources list, or every type-gated pair that holds no fact. */
  readonly nil: 'listed' | 'all';
  /** Most entries of one label from one text, nearest mentions first: a crowded sentence must not outvote others. */
  readonly perText?: number | undefined;
}

/** A labelled pair of a sentence, as indices of its mentions. */
export interface Example {
  readonly subject: number;
  readonly object: number;
  readonly label: string;
}

/** Facts, then NIL pairs, of a sentence; of each label the nearest pairs, where the recipe bounds them. */
export function examplesOf(
  sentence: LabelledSentence,
  recipe: ExampleChoice,
  schema: PredicateSchema,
): Example[] {
  const facts = sentence.facts.map(({ subject, predicate, object }) => ({
    subject,
    object,
    label: predicate,
  }));
  const related = new Set(facts.map(pairKey));
  const candidates =
    recipe.nil === 'listed' ? sentence.nil : [...sentence.nil, ...gatedPairs(sentence, schema).values()];
  const unrelated = [...new Map(candidates.map((pair) => [pairKey(pair), pair])).values()].filter(
    (pair) => !related.has(pairKey(pair)),
  );
  const examples = [...facts, ...unrelated.map(({ subject, object }) => ({ subject, object, label: NIL }))];
  return recipe.perText === undefined ? examples : nearestOfEachLabel(sentence, examples, recipe.perText);
}

function nearestOfEachLabel({ mentions }: LabelledSentence, examples: Example[], limit: number): Example[] {
  const gap = ({ subject, object }: Example): number => {
    const [one, other] = [mentions[subject], mentions[object]];
    return one && other ? Math.max(one.start, other.start) - Math.min(one.end, other.end) : Infinity;
  };
  const kept = new Set<Example>();
  for (const label of new Set(examples.map((example) => example.label)))
    for (const example of examples
      .filter((candidate) => candidate.label === label)
      .sort((a, b) => gap(a) - gap(b))
      .slice(0, limit))
      kept.add(example);
  return examples.filter((example) => kept.has(example));
}

/**
 * Every ordered pair of a sentence that may hold a predicate, and every listed one, by key. All are encoded, as they
 * would be were the sentence a document's: an int8 encoder's numbers depend a little on the pairs beside.
 */
export function gatedPairs(
  { mentions, facts, nil }: LabelledSentence,
  schema: PredicateSchema,
): Map<string, { readonly subject: number; readonly object: number }> {
  const pairs = new Map<string, { readonly subject: number; readonly object: number }>();
  for (const [subject, one] of mentions.entries())
    for (const [object, other] of mentions.entries())
      if (subject !== object && !spansOverlap(one, other) && schema.permitted(one.type, other.type).size > 0)
        pairs.set(pairKey({ subject, object }), { subject, object });
  for (const { subject, object } of [...facts, ...nil])
    pairs.set(pairKey({ subject, object }), { subject, object });
  return pairs;
}

export function pairKey({ subject, object }: { readonly subject: number; readonly object: number }): string {
  return `${subject}>${object}`;
}
