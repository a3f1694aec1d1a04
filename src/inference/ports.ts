import type { EntityType } from '../domain/mention-types.js';
import type { Span } from '../domain/offsets.js';

/** A mention that the detector found; offsets in UTF-16 units of the sentence. */
export interface DetectedMention extends Span {
  readonly type: EntityType;
  /** Probability of the span with its type, in [0, 1]. */
  readonly score: number;
}

export interface MentionDetector {
  /** `name@version` of the model card. */
  readonly model: string;
  /** Lower-cased words that count as pronouns (from the model card). */
  readonly pronouns: ReadonlySet<string>;
  /**
   * Finds the mentions of each sentence, in order, not overlapping. Sentences longer than the model takes
   * are read in overlapping windows. Never blocks the event loop; batches by length on its own.
   */
  detect(sentences: readonly string[]): Promise<DetectedMention[][]>;
  close(): Promise<void>;
}

export interface MarkedMention extends Span {
  /** One of the encoder's mention types: those of `domain/mention-types.ts` for the shipped one. */
  readonly type: string;
}

/** One sentence with the pairs to encode; pairs are indices into `mentions`. */
export interface PairsOfSentence {
  readonly text: string;
  readonly mentions: readonly MarkedMention[];
  readonly pairs: readonly { readonly subject: number; readonly object: number }[];
}

/** Encoded pairs of one sentence, in the order of its `pairs`. */
export interface EncodedPairs {
  /** pairs x representationSize, row-major, before any normalisation. */
  readonly representations: Float32Array;
  /** pairs x labels, row-major, raw logits. */
  readonly logits: Float32Array;
}

export interface RelationEncoder {
  /** `name@version` of the model card. */
  readonly model: string;
  /** sha256 of the ONNX file: a memory belongs to exactly one artefact. */
  readonly modelHash: string;
  /** NIL at index 0. */
  readonly labels: readonly string[];
  /** Types that it has markers for. */
  readonly mentionTypes: readonly string[];
  /** 2H. */
  readonly representationSize: number;
  /**
   * Encodes all pairs of all sentences. Never blocks the event loop; splits sentences with many pairs over
   * passes, cuts texts that the model cannot take around the pair, batches by length.
   */
  encode(sentences: readonly PairsOfSentence[]): Promise<EncodedPairs[]>;
  close(): Promise<void>;
}
