import { f1Of, type Counts } from './f1.js';
import type { FoldCounts } from './thresholds.js';
import type { Kernel, MemoryUse } from '../domain/profile.js';

/** One point of the grid. */
export interface Settings {
  readonly k: number;
  readonly lambda: number;
  readonly temperature: number;
  readonly kernel: Kernel;
  /** What a NIL neighbour's vote counts beside the others', .001 to 1. */
  readonly nilVote: number;
  readonly nilRatio: number;
  readonly minimumProbability: number;
}

/** What a profile says of one memory. */
export type MemorySettings = Pick<Settings, 'k' | 'lambda' | 'temperature' | 'kernel'> &
  Pick<MemoryUse, 'nilVote'>;

/** @param alpha share of the memory in the mixture, in [0, 1] */
export function useOf(memory: string, alpha: number, settings: MemorySettings): MemoryUse {
  const { k, lambda, temperature, kernel, nilVote = 1 } = settings;
  return { memory, alpha, k, lambda, temperature, kernel, ...(nilVote === 1 ? {} : { nilVote }) };
}

export interface RankedSettings {
  readonly settings: Settings;
  readonly counts: Counts;
  readonly f1: number;
}

/**
 * Keeps the best settings seen, and what each fold would score with the settings that are best on the other
 * folds: an estimate of the score on unseen documents, which the best score on all of them is not.
 */
export class Leaderboard {
  private readonly rows: RankedSettings[] = [];
  private readonly bestWithout: { f1: number; heldOut: Counts }[];
  private readonly goldTotal: number;
  private tried = 0;

  /** @param goldByFold number of gold facts of each fold */
  constructor(
    private readonly goldByFold: readonly number[],
    private readonly size = 20,
  ) {
    this.goldTotal = goldByFold.reduce((sum, gold) => sum + gold, 0);
    this.bestWithout = goldByFold.map((gold) => ({
      f1: -1,
      heldOut: { found: 0, missed: gold, spurious: 0 },
    }));
  }

  offer(settings: () => Settings, { found, spurious }: FoldCounts): void {
    this.tried++;
    let foundTotal = 0;
    let spuriousTotal = 0;
    for (let fold = 0; fold < found.length; fold++) {
      foundTotal += found[fold] as number;
      spuriousTotal += spurious[fold] as number;
    }
    this.rank(settings, foundTotal, spuriousTotal);
    this.goldByFold.forEach((gold, fold) => {
      const foundHere = found[fold] as number;
      const spuriousHere = spurious[fold] as number;
      const others = foundTotal - foundHere;
      const f1 = f1Of(others, this.goldTotal - gold - others, spuriousTotal - spuriousHere);
      if (f1 > (this.bestWithout[fold]?.f1 ?? -1))
        this.bestWithout[fold] = {
          f1,
          heldOut: { found: foundHere, missed: gold - foundHere, spurious: spuriousHere },
        };
    });
  }

  /** Best first. */
  best(): readonly RankedSettings[] {
    return this.rows;
  }

  get settingsTried(): number {
    return this.tried;
  }

  /** Micro F1 over the folds, each under the settings that are best on the others. */
  heldOutF1(): number {
    let found = 0;
    let missed = 0;
    let spurious = 0;
    for (const { heldOut } of this.bestWithout) {
      found += heldOut.found;
      missed += heldOut.missed;
      spurious += heldOut.spurious;
    }
    return f1Of(found, missed, spurious);
  }

  /** The earlier of equal settings stays ahead, so that the outcome follows from the order of the grid. */
  private rank(settings: () => Settings, found: number, spurious: number): void {
    const missed = this.goldTotal - found;
    const f1 = f1Of(found, missed, spurious);
    const last = this.rows[this.rows.length - 1];
    if (this.rows.length === this.size && last !== undefined && f1 <= last.f1) return;
    let at = this.rows.length;
    while (at > 0 && (this.rows[at - 1] as RankedSettings).f1 < f1) at--;
    this.rows.splice(at, 0, { settings: settings(), counts: { found, missed, spurious }, f1 });
    if (this.rows.length > this.size) this.rows.pop();
  }
}
