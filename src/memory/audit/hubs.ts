import type { Memory } from '../ports.js';
import type { Finding } from './findings.js';

/** A hub is among the neighbours of this many times as many entries as k, which is what an entry has on average. */
const TIMES_THE_AVERAGE = 8;
/** Share of those entries that must have another label. */
const BAD_SHARE = 0.5;

/**
 * Counts of how many entries each entry is a neighbour of. In spaces of many dimensions a few entries are near to
 * everything (Radovanović et al., Hubs in Space, JMLR 2010): where their labels differ they vote against what is right.
 */
export class HubCounter {
  private readonly occurrences: Int32Array;
  private readonly bad: Int32Array;

  constructor(private readonly memory: Memory) {
    this.occurrences = new Int32Array(memory.size);
    this.bad = new Int32Array(memory.size);
  }

  count(entry: number, neighbours: readonly { readonly entry: number }[]): void {
    const { label } = this.memory.entry(entry);
    for (const { entry: other } of neighbours) {
      this.occurrences[other] = (this.occurrences[other] ?? 0) + 1;
      if (this.memory.entry(other).label !== label) this.bad[other] = (this.bad[other] ?? 0) + 1;
    }
  }

  findings(k: number): Finding[] {
    return [...this.occurrences.entries()].flatMap(([index, occurrences]): Finding[] => {
      const bad = this.bad[index] ?? 0;
      if (occurrences < TIMES_THE_AVERAGE * k || bad < BAD_SHARE * occurrences) return [];
      const { id, label } = this.memory.entry(index);
      return [
        {
          kind: 'hub',
          entry: id,
          label,
          score: bad / occurrences,
          suggestion: { action: 'drop' },
          because: [],
          reason: `a neighbour of ${occurrences} entries (${k} on average), ${bad} of them with other labels`,
        },
      ];
    });
  }
}
