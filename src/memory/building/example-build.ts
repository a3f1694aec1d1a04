import { NeighborKbError } from '../../domain/errors.js';
import type { PredicateSchema } from '../../domain/predicates.js';
import type { RelationEncoder } from '../../inference/ports.js';
import type { VersionTarget } from './build-version.js';
import type { SentenceSplitter } from './text-tools.js';

/** What a build needs that takes its examples from texts, wherever their labels come from. */
export interface ExampleBuild extends VersionTarget {
  readonly encoder: RelationEncoder;
  readonly schema: PredicateSchema;
  /** Share of the pairs without a relation that become NIL entries, in [0, 1]. */
  readonly nilShare: number;
  /** Most entries of one label from one sentence, nearest mentions first. */
  readonly perText?: number | undefined;
  readonly splitSentences: SentenceSplitter;
  readonly onProgress?: ((progress: BuildProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface BuildProgress {
  readonly done: number;
  /** 0 while unknown. */
  readonly total: number;
  readonly step: string;
}

/** @throws NeighborKbError INVALID_ARGUMENT unless it is in [0, 1] */
export function checkShare(share: number, field: string): void {
  if (!(share >= 0 && share <= 1))
    throw new NeighborKbError('INVALID_ARGUMENT', `${field} is ${share}, must be from 0 to 1`, [field]);
}
