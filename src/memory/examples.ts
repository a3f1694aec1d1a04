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

interface Pair {
  readonly subject: number;
  readonly object: number;
}

/** A labelled pair of a sentence, as indices of its mentions. */
export interface Example extends Pair {
  readonly label: string;
}

/**
 * Facts, then NIL pairs, of a sentence; of each label the nearest pairs, where the recipe bounds them.
 * @param schema whose type gates say what `nil: 'all'` adds
 */
export function examplesOf(
  sentence: LabelledSentence,
  recipe: ExampleChoice,
  schema?: PredicateSchema,
): Example[] {
  const facts = sentence.facts.map(({ subject, predicate, object }) => ({
    subject,
    object,
    label: predicate,
  }));
  const related = new Set(facts.map(pairKey));
  const candidates =
    recipe.nil === 'all' && schema ? [...sentence.nil, ...gatedPairs(sentence, schema)] : sentence.nil;
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

/** Every ordered pair of a sentence that may hold a predicate by its types. */
function gatedPairs({ mentions }: LabelledSentence, schema: PredicateSchema): Pair[] {
  return mentions.flatMap((one, subject) =>
    [...mentions.entries()]
      .filter(([object, other]) => object !== subject && !spansOverlap(one, other))
      .filter(([, other]) => schema.permitted(one.type, other.type).size > 0)
      .map(([object]) => ({ subject, object })),
  );
}

/** Equal for equal pairs of one sentence. */
export function pairKey({ subject, object }: Pair): string {
  return `${subject}>${object}`;
}
