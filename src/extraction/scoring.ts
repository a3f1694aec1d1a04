import { confidenceOf } from '../domain/confidence.js';
import { LabelSpace } from '../domain/label-space.js';
import { chooseLabel, companionLabels, type LabelRule } from '../domain/labelling.js';
import { mixDistributions } from '../domain/mixture.js';
import type { Neighbour, Prediction } from '../domain/model.js';
import type { ScoringProfile } from '../domain/profile.js';
import { VotingMemory, type CastVotes } from '../memory/fuse.js';
import type { Memory } from '../memory/ports.js';

/** What a profile says of one pair. */
export type ScoredLabel = Pick<Prediction, 'label' | 'p' | 'pRe' | 'pKnn' | 'confidence' | 'neighbours'>;

/** The best label of a pair, and what holds beside it. */
export interface ScoredPair extends ScoredLabel {
  /** Most probable first; empty for NIL. */
  readonly companions: readonly ScoredLabel[];
}

/** Pairs as the encoder left them and as they are stored: scoring them again gives the same numbers. */
export interface PairsToScore {
  /** pairs x representationSize, row-major, values that float16 can hold. */
  readonly representations: Float32Array;
  /** p_RE, pairs x labels of the encoder, row-major. */
  readonly classifier: Float32Array;
  /** Ids of the predicates that each pair may hold. */
  readonly permitted: readonly ReadonlySet<string>[];
}

/** The votes of one memory on one pair. */
interface MemoryVotes extends CastVotes {
  readonly memory: Memory;
}

/** The formula: neighbours of every memory, kernel, mixture, choice of the label, calibration. */
export class Scorer {
  private readonly space: LabelSpace;
  /** By the sets that the predicate schema keeps for each pair of types. */
  private readonly permittedIndices = new WeakMap<ReadonlySet<string>, readonly number[]>();
  private readonly votingMemories = new WeakMap<Memory, VotingMemory>();

  /**
   * @param labels of the relation encoder, NIL at index 0
   * @param memory by name; throws MEMORY_MISSING
   * @param further labels that the encoder lacks and memories may vote for: those of the predicate schema
   */
  constructor(
    labels: readonly string[],
    private readonly memory: (name: string) => Memory,
    further: Iterable<string> = [],
  ) {
    this.space = new LabelSpace(labels, further);
  }

  /**
   * Searches each memory of the profile once for all pairs.
   * @returns in the order of the pairs
   * @throws NeighborKbError MEMORY_MISSING, MEMORY_MODEL_MISMATCH
   */
  async score(pairs: PairsToScore, profile: ScoringProfile): Promise<ScoredPair[]> {
    const count = pairs.permitted.length;
    if (count === 0) return [];
    const electorates = await Promise.all(
      profile.memories.map(async (use) => {
        const voting = this.voting(this.memory(use.memory));
        const hits = await voting.memory.search(pairs.representations, count, use.k);
        return (pair: number): MemoryVotes => ({ ...voting.cast(hits, pair, use), memory: voting.memory });
      }),
    );
    const classifier = this.space.widen(pairs.classifier);
    const rule = labelRule(profile, this.space);
    return pairs.permitted.map((permitted, pair) => {
      const pRe = classifier.subarray(pair * this.space.size, (pair + 1) * this.space.size);
      const votes = electorates.map((cast) => cast(pair));
      return this.scoreOne(pRe, permitted, votes, rule, profile);
    });
  }

  private scoreOne(
    pRe: Float32Array,
    permitted: ReadonlySet<string>,
    votes: readonly MemoryVotes[],
    rule: LabelRule,
    profile: ScoringProfile,
  ): ScoredPair {
    const p = mixDistributions(pRe, votes);
    const indices = this.indicesOf(permitted);
    const chosen = chooseLabel(p, indices, rule);
    const voters = votes.map((vote) => ({ memory: vote.memory, votes: vote.votes }));
    const name = (label: number): string => this.space.labels[label] as string;
    const scored = (label: number): ScoredLabel => ({
      label: name(label),
      p: p[label] as number,
      pRe: pRe[label] as number,
      pKnn: votes.reduce((sum, { alpha, pKnn }) => sum + alpha * (pKnn[label] as number), 0),
      confidence: label === 0 ? null : confidenceOf(p[label] as number, name(label), profile),
      // Made when asked for: few readers want the neighbours of the many pairs without a relation.
      get neighbours() {
        return voters.flatMap(neighboursOf);
      },
    });
    const companions = companionLabels(p, indices, chosen, rule).map(scored);
    return Object.assign(scored(chosen), { companions });
  }

  private indicesOf(permitted: ReadonlySet<string>): readonly number[] {
    let indices = this.permittedIndices.get(permitted);
    if (!indices) {
      indices = [...permitted]
        .map((predicate) => this.space.indexOf(predicate))
        .filter((index) => index >= 0);
      this.permittedIndices.set(permitted, indices);
    }
    return indices;
  }

  private voting(memory: Memory): VotingMemory {
    let voting = this.votingMemories.get(memory);
    if (!voting) {
      voting = new VotingMemory(memory, this.space.labels);
      this.votingMemories.set(memory, voting);
    }
    return voting;
  }
}

/** A profile's rule over the labels of a space. */
export function labelRule(profile: ScoringProfile, space: Pick<LabelSpace, 'labels'>): LabelRule {
  const { nilRatio, nilRatioByLabel: own, minimumProbability, companionShare } = profile;
  const nilRatios = own && space.labels.map((label) => (Object.hasOwn(own, label) ? own[label] : nilRatio));
  return { nilRatio, nilRatios: nilRatios as number[] | undefined, minimumProbability, companionShare };
}

function neighboursOf({ memory, votes }: Pick<MemoryVotes, 'memory' | 'votes'>): Neighbour[] {
  return votes.map(({ entry: index, squaredDistance, weight }, i) => {
    const entry = memory.entry(index);
    return {
      memory: memory.name,
      memoryVersion: memory.version,
      entry: entry.id,
      rank: i + 1,
      squaredDistance,
      weight,
      label: entry.label,
      text: entry.text,
      subject: { start: entry.subject.start, end: entry.subject.end },
      object: { start: entry.object.start, end: entry.object.end },
    };
  });
}
