import type { FieldPath } from '../domain/errors.js';
import type { PredicateSchema } from '../domain/predicates.js';
import type { RelationEncoder } from '../inference/ports.js';
import type { MentionFinder, SentenceSplitter } from '../memory/building/text-tools.js';
import type { Fact } from '../memory/distant/facts.js';

/** What tasks about memories work with: the command line and the server each bring their own. */
export interface MemoryTools {
  readonly memoriesDir: string;
  readonly schema: PredicateSchema;
  readonly encoder: RelationEncoder;
  readonly splitSentences: SentenceSplitter;
  readonly findMentions: MentionFinder;
  /**
   * Where a named input lies. A server lets clients name files of one folder alone.
   * @param field of the task's input that names it
   * @throws NeighborKbError INVALID_ARGUMENT, NOT_FOUND
   */
  inputPath(name: string, field: FieldPath): Promise<string>;
  /** Where an output goes; its folder is there. @throws NeighborKbError INVALID_ARGUMENT */
  outputPath(name: string, field: FieldPath): Promise<string>;
  /** Facts of the knowledge base itself. */
  storedFacts(choice: StoredFactChoice): AsyncIterable<Fact>;
}

/** Which triples of the knowledge base count as facts. */
export interface StoredFactChoice {
  /** Accepted by a curator alone; otherwise every triple that is not rejected. */
  readonly acceptedOnly: boolean;
  /** Least confidence of those that no curator has accepted, in [0, 1]. */
  readonly minConfidence: number;
}
