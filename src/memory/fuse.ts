import { NeighborKbError } from '../domain/errors.js';
import { neighbourWeights, voteDistribution, weighNil } from '../domain/kernel.js';
import type { MemoryVote } from '../domain/mixture.js';
import type { MemoryUse } from '../domain/profile.js';
import type { Memory, SearchHits } from './ports.js';

/** One neighbour's vote. */
export interface Vote {
  /** Index of the entry in its memory. */
  readonly entry: number;
  readonly squaredDistance: number;
  /** Its share of the memory's vote, in [0, 1]. */
  readonly weight: number;
}

/** What one memory says of one query: its part in the mixture, and who voted, nearest first. */
export interface CastVotes extends MemoryVote {
  readonly pKnn: Float64Array;
  readonly votes: readonly Vote[];
}

/** A memory whose labels are known to a model: turns its hits into votes on the model's labels. */
export class VotingMemory {
  /** Index of each entry's label among the model's. */
  private readonly labels: Int32Array;

  /**
   * @param modelLabels the relation encoder's, NIL first
   * @throws NeighborKbError MEMORY_MODEL_MISMATCH for an entry whose label the model does not have
   */
  constructor(
    readonly memory: Memory,
    private readonly modelLabels: readonly string[],
  ) {
    const indices = new Map(modelLabels.map((label, index) => [label, index]));
    this.labels = Int32Array.from({ length: memory.size }, (_, entry) => {
      const { label } = memory.entry(entry);
      const index = indices.get(label);
      if (index === undefined)
        throw new NeighborKbError(
          'MEMORY_MODEL_MISMATCH',
          `entry ${entry} of memory ${memory.name} is labelled ${label}, which the model does not know`,
          ['entries', entry, 'label'],
        );
      return index;
    });
  }

  /** Votes of one query's neighbours under the memory's settings in a profile. An empty memory votes for nothing. */
  cast(hits: SearchHits, query: number, use: MemoryUse): CastVotes {
    const k = Math.min(use.k, hits.k);
    const begin = query * hits.k;
    const indices = hits.indices.subarray(begin, begin + k);
    const distances = hits.squaredDistances.subarray(begin, begin + k);
    const labels = Int32Array.from(indices, (entry) => this.labels[entry] as number);
    const plain = neighbourWeights(distances, use.temperature, use.kernel);
    const weights = weighNil(plain, labels, use.nilVote);
    return {
      alpha: use.alpha,
      lambda: k === 0 ? 0 : use.lambda,
      pKnn: voteDistribution(weights, labels, this.modelLabels.length),
      votes: Array.from(indices, (entry, rank) => ({
        entry,
        squaredDistance: distances[rank] as number,
        weight: weights[rank] as number,
      })),
    };
  }
}
