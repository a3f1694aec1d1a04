import { confidenceOf } from '../domain/confidence.js';
import type { ScoringProfile } from '../domain/profile.js';
import { NIL } from '../domain/predicates.js';
import type { Memory } from '../memory/ports.js';
import type { EvaluationSet } from './bench.js';
import { findsFact, type GoldIndex, spansOf } from './gold-index.js';
import type { RescoredPair } from './rescored-facts.js';
import type { Voters } from './voters.js';

/** How often pairs that hold one label were given another. */
export interface Confusion {
  /** NIL: nothing holds. */
  readonly gold: string;
  readonly predicted: string;
  readonly count: number;
}

const MOST_CONFUSIONS = 40;

/** Confusions of pairs with one label each, most frequent first; pairs whose labels are not judged are left out. */
export function confusions({ pairs, gold }: EvaluationSet, rescored: readonly RescoredPair[]): Confusion[] {
  const counts = new Map<string, Confusion>();
  let last = -1;
  for (const { pair, label } of rescored) {
    // What holds beside a pair's best label stands behind it.
    if (pair === last) continue;
    last = pair;
    const [held = 0] = labelsHeld(gold, pair);
    if (held === label || findsFact(gold, pair, label)) continue;
    const judged = (one: number): boolean =>
      one === 0 || gold.judged[(pairs.document[pair] as number) * pairs.labels.length + one] === 1;
    if (!judged(held) || !judged(label)) continue;
    const [goldName, predicted] = [pairs.labels[held] ?? NIL, pairs.labels[label] ?? NIL];
    const key = `${held} ${label}`;
    counts.set(key, { gold: goldName, predicted, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count).slice(0, MOST_CONFUSIONS);
}

function labelsHeld(gold: GoldIndex, pair: number): number[] {
  const [from, end] = [gold.matchesFrom[pair] as number, gold.matchesFrom[pair + 1] as number];
  return [...gold.matchedLabel.subarray(from, end)];
}

/** A neighbour that voted for an error. */
export interface ErrorNeighbour {
  readonly memory: string;
  readonly label: string;
  readonly squaredDistance: number;
  readonly text: string;
  readonly subject: string;
  readonly object: string;
}

export interface WorstError {
  readonly passage: string;
  readonly text: string;
  readonly subject: string;
  readonly object: string;
  /** Labels that hold; none: NIL. */
  readonly gold: readonly string[];
  readonly predicted: string;
  readonly confidence: number;
  /** Nearest first, of each memory. */
  readonly neighbours: readonly ErrorNeighbour[];
}

const MOST_ERRORS = 25;
const NEIGHBOURS_SHOWN = 3;

/** Wrong predictions with the highest confidence, with the examples that voted. */
export function worstErrors(
  { pairs, gold, passages }: EvaluationSet,
  rescored: readonly RescoredPair[],
  by: {
    readonly profile: ScoringProfile;
    readonly memories: readonly Memory[];
    readonly voters: ReadonlyMap<string, Voters>;
  },
): WorstError[] {
  const wrong = rescored.filter(
    ({ pair, label }) =>
      label !== 0 &&
      gold.judged[(pairs.document[pair] as number) * pairs.labels.length + label] === 1 &&
      !findsFact(gold, pair, label),
  );
  const confidence = ({ p, label }: RescoredPair): number =>
    confidenceOf(p, pairs.labels[label] as string, by.profile);
  return wrong
    .sort((a, b) => confidence(b) - confidence(a) || a.pair - b.pair)
    .slice(0, MOST_ERRORS)
    .map((one) => {
      const passage = passages[pairs.document[one.pair] as number];
      const text = passage?.text ?? '';
      const [subject, object] = spansOf(pairs, one.pair).map(({ start, end }) => text.slice(start, end));
      return {
        passage: passage?.id ?? '',
        text,
        subject: subject ?? '',
        object: object ?? '',
        gold: labelsHeld(gold, one.pair).map((label) => pairs.labels[label] as string),
        predicted: pairs.labels[one.label] as string,
        confidence: confidence(one),
        neighbours: by.memories.flatMap((memory, index) => {
          const name = by.profile.memories[index]?.memory ?? memory.name;
          const voters = by.voters.get(name);
          return voters ? neighboursOf(memory, voters, one.pair) : [];
        }),
      };
    });
}

function neighboursOf(memory: Memory, voters: Voters, pair: number): ErrorNeighbour[] {
  return Array.from({ length: Math.min(NEIGHBOURS_SHOWN, voters.k) }, (_, rank) => {
    const at = pair * voters.k + rank;
    const { text, subject, object, label } = memory.entry(voters.entries[at] as number);
    return {
      memory: memory.name,
      label,
      squaredDistance: voters.squaredDistances[at] as number,
      text,
      subject: text.slice(subject.start, subject.end),
      object: text.slice(object.start, object.end),
    };
  });
}
