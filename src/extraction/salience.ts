import type { NameCluster } from './name-clusters.js';

/** Sentences after which an entity that nobody speaks of is forgotten. */
const MEMORY_SPAN = 8;
/** Most entities that are kept in mind. */
const MAX_ENTITIES = 48;

interface Presence {
  value: number;
  sentence: number;
}

/**
 * What a reader has in mind: each mention raises its entity, each sentence halves what was before (after Lappin
 * and Leass). Bounded, so that a document's length does not slow a pronoun down.
 */
export class Salience {
  private readonly presences = new Map<NameCluster, Presence>();

  /** @param sentence never smaller than in an earlier call */
  raise(cluster: NameCluster, sentence: number, by: number): void {
    const value = this.of(cluster, sentence) + by;
    // Set anew, so that the map stays in the order of last mention.
    this.presences.delete(cluster);
    this.presences.set(cluster, { value, sentence });
    if (this.presences.size <= MAX_ENTITIES) return;
    for (const oldest of this.presences.keys()) {
      this.presences.delete(oldest);
      return;
    }
  }

  of(cluster: NameCluster, sentence: number): number {
    const presence = this.presences.get(cluster);
    if (!presence || sentence - presence.sentence > MEMORY_SPAN) return 0;
    return presence.value / 2 ** (sentence - presence.sentence);
  }

  /** Entities that are in mind, last mentioned first. */
  present(sentence: number): NameCluster[] {
    return [...this.presences.keys()].filter((cluster) => this.of(cluster, sentence) > 0).reverse();
  }
}
