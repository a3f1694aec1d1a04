import type { Passage } from './passages.js';
import type { PairTable } from './pair-table.js';
import { type SpanMatch, spanMatches } from './text-f1.js';

/** Gold facts laid beside the pairs that could find them, so that scoring a setting is a pass over numbers. */
export interface GoldIndex {
  readonly match: SpanMatch;
  /** Facts of all passages. */
  readonly facts: number;
  /** The part (fold) of the data that each fact belongs to. */
  readonly foldOfFact: Uint8Array;
  readonly foldOfPair: Uint8Array;
  readonly folds: number;
  /** pairs + 1: where each pair's matches begin in the two arrays below. */
  readonly matchesFrom: Int32Array;
  readonly matchedFact: Int32Array;
  /** Label that the pair must have to find the fact. */
  readonly matchedLabel: Uint16Array;
  /** documents x labels, 1 where the label is judged in the document. */
  readonly judged: Uint8Array;
}

/** @param passages in the order of the table's documents */
export function indexGold(
  passages: readonly Passage[],
  pairs: PairTable,
  match: SpanMatch,
  folds = 5,
): GoldIndex {
  const labelIndex = new Map(pairs.labels.map((label, index) => [label, index]));
  const foldOfGroup = assignFolds(passages, folds);
  const foldOf = (passage: Passage | undefined): number => foldOfGroup.get(passage?.group ?? '') ?? 0;

  const firstFact: number[] = [];
  const foldOfFact: number[] = [];
  const judged = new Uint8Array(passages.length * pairs.labels.length);
  passages.forEach((passage, index) => {
    firstFact.push(foldOfFact.length);
    for (let fact = 0; fact < passage.facts.length; fact++) foldOfFact.push(foldOf(passage));
    for (const predicate of passage.annotated) {
      const label = labelIndex.get(predicate);
      if (label !== undefined) judged[index * pairs.labels.length + label] = 1;
    }
  });

  const matchesFrom = new Int32Array(pairs.count + 1);
  const matchedFact: number[] = [];
  const matchedLabel: number[] = [];
  for (let pair = 0; pair < pairs.count; pair++) {
    const document = pairs.document[pair] as number;
    const [subject, object] = spansOf(pairs, pair);
    passages[document]?.facts.forEach((fact, index) => {
      const label = labelIndex.get(fact.predicate);
      if (label === undefined) return;
      if (!spanMatches(subject, fact.subject, match) || !spanMatches(object, fact.object, match)) return;
      matchedFact.push((firstFact[document] as number) + index);
      matchedLabel.push(label);
    });
    matchesFrom[pair + 1] = matchedFact.length;
  }
  return {
    match,
    facts: foldOfFact.length,
    foldOfFact: Uint8Array.from(foldOfFact),
    foldOfPair: Uint8Array.from(pairs.document, (document) => foldOf(passages[document])),
    folds,
    matchesFrom,
    matchedFact: Int32Array.from(matchedFact),
    matchedLabel: Uint16Array.from(matchedLabel),
    judged,
  };
}

/** Whether a pair with this label finds a gold fact. */
export function findsFact(gold: GoldIndex, pair: number, label: number): boolean {
  const end = gold.matchesFrom[pair + 1] as number;
  for (let at = gold.matchesFrom[pair] as number; at < end; at++)
    if (gold.matchedLabel[at] === label) return true;
  return false;
}

export function spansOf(
  pairs: PairTable,
  pair: number,
): [{ start: number; end: number }, { start: number; end: number }] {
  const at = pair * 4;
  return [
    { start: pairs.spans[at] as number, end: pairs.spans[at + 1] as number },
    { start: pairs.spans[at + 2] as number, end: pairs.spans[at + 3] as number },
  ];
}

/** Documents dealt out in turn: folds of nearly equal size, no document in two of them. */
function assignFolds(passages: readonly Passage[], folds: number): ReadonlyMap<string, number> {
  const foldOfGroup = new Map<string, number>();
  for (const { group } of passages)
    if (!foldOfGroup.has(group)) foldOfGroup.set(group, foldOfGroup.size % folds);
  return foldOfGroup;
}
