import { Breathing } from '../extraction/breathing.js';
import { f1Of } from './f1.js';
import type { GoldIndex } from './gold-index.js';
import type { MemorySettings } from './leaderboard.js';
import type { PairTable } from './pair-table.js';
import { bestLabels, emptyBestLabels, labelOrder } from './rescoring.js';
import { countAtThresholds, type ThresholdGrid } from './thresholds.js';
import { addVotes, type Voters } from './voters.js';

/** A memory with the settings that are best for it alone. */
export interface TunedVoters {
  readonly voters: Voters;
  readonly settings: MemorySettings;
}

/** The best shares of several memories, and the thresholds that go with them. */
export interface MixtureOutcome {
  /** α of each memory, in their order; they sum to 1. */
  readonly alphas: readonly number[];
  readonly nilRatio: number;
  readonly minimumProbability: number;
  readonly f1: number;
  readonly mixturesTried: number;
}

/** Step of α for two memories, and for three; beyond that shares move step by step from equal ones. */
const STEPS = { two: 0.1, three: 0.25, more: 0.1 } as const;

/**
 * Mixes memories by α with the settings that each is best with alone, as the paper does, over the neighbours that were
 * found before. Gives the event loop a turn between mixtures.
 */
export async function searchMixture(
  pairs: PairTable,
  gold: GoldIndex,
  memories: readonly TunedVoters[],
  thresholds: ThresholdGrid,
): Promise<MixtureOutcome> {
  const distributions = memories.map((memory) => distributionOf(pairs, memory));
  const mixed = new Float64Array(pairs.count * pairs.labels.length);
  const labels = emptyBestLabels(pairs.count);
  const order = labelOrder(pairs);
  let tried = 0;
  let best: MixtureOutcome | null = null;
  const breathing = new Breathing();
  const offer = async (alphas: readonly number[]): Promise<number> => {
    await breathing.pause();
    tried++;
    mixed.fill(0);
    distributions.forEach((p, memory) => {
      const alpha = alphas[memory] as number;
      if (alpha > 0)
        for (let i = 0; i < mixed.length; i++) mixed[i] = (mixed[i] as number) + alpha * (p[i] as number);
    });
    // All of p stands in `mixed`: λ = 1 takes it as it is.
    bestLabels(pairs, order, mixed, 1, labels);
    let top = -1;
    countAtThresholds(
      pairs,
      gold,
      labels,
      thresholds,
      (nilRatio, minimumProbability, { found, spurious }) => {
        const right = found.reduce((sum, own) => sum + own, 0);
        const f1 = f1Of(
          right,
          gold.facts - right,
          spurious.reduce((sum, own) => sum + own, 0),
        );
        top = Math.max(top, f1);
        if (!best || f1 > best.f1) best = { alphas, nilRatio, minimumProbability, f1, mixturesTried: 0 };
      },
    );
    return top;
  };
  if (memories.length <= 3)
    for (const alphas of simplex(memories.length, memories.length === 3 ? STEPS.three : STEPS.two))
      await offer(alphas);
  else await climb(memories.length, offer);
  if (!best) throw new RangeError('a mixture needs a memory');
  return { ...(best as MixtureOutcome), mixturesTried: tried };
}

/** p of one memory: λ p_kNN + (1 - λ) p_RE, pairs x labels. */
function distributionOf(pairs: PairTable, { voters, settings }: TunedVoters): Float64Array {
  const p = new Float64Array(pairs.count * pairs.labels.length);
  addVotes(voters, settings, settings.lambda, pairs.labels.length, p);
  const rest = voters.k === 0 ? 1 : 1 - settings.lambda;
  for (let i = 0; i < p.length; i++) p[i] = (p[i] as number) + rest * (pairs.pRe[i] as number);
  return p;
}

/** Every way to share 1 among some memories in steps. */
export function simplex(memories: number, step: number): number[][] {
  const parts = Math.round(1 / step);
  const shares = (left: number, count: number): number[][] =>
    count === 1
      ? [[left]]
      : Array.from({ length: left + 1 }, (_, own) => own).flatMap((own) =>
          shares(left - own, count - 1).map((others) => [own, ...others]),
        );
  return shares(parts, memories).map((parted) => parted.map((part) => part / parts));
}

/** From equal shares, moves a step from one memory to another as long as that finds more. */
async function climb(memories: number, offer: (alphas: readonly number[]) => Promise<number>): Promise<void> {
  let current = new Array<number>(memories).fill(1 / memories);
  let f1 = await offer(current);
  for (let improved = true; improved;) {
    improved = false;
    for (let from = 0; from < memories; from++)
      for (let to = 0; to < memories; to++) {
        const moved = Math.min(STEPS.more, current[from] as number);
        if (from === to || moved === 0) continue;
        const next = current.map((alpha, index) =>
          index === from ? alpha - moved : index === to ? alpha + moved : alpha,
        );
        const nextF1 = await offer(next);
        if (nextF1 <= f1) continue;
        [current, f1, improved] = [next, nextF1, true];
      }
  }
}
