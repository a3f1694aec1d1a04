/** How lengths are spread; all zero for nothing. Percentiles by the nearest rank. */
export interface Distribution {
  readonly minimum: number;
  readonly median: number;
  readonly mean: number;
  readonly percentile95: number;
  readonly maximum: number;
}

/** Counts lengths: memory grows with the number of different ones. */
export class Lengths {
  private count = 0;
  private sum = 0;
  private readonly times = new Map<number, number>();

  add(length: number): void {
    this.count++;
    this.sum += length;
    this.times.set(length, (this.times.get(length) ?? 0) + 1);
  }

  distribution(): Distribution {
    const ascending = [...this.times].sort(([a], [b]) => a - b);
    const atRank = (share: number): number => {
      let rank = Math.max(1, Math.ceil(share * this.count));
      for (const [length, times] of ascending) {
        rank -= times;
        if (rank <= 0) return length;
      }
      return 0;
    };
    return {
      minimum: atRank(0),
      median: atRank(0.5),
      mean: this.count === 0 ? 0 : this.sum / this.count,
      percentile95: atRank(0.95),
      maximum: atRank(1),
    };
  }
}
