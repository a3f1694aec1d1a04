import type { Span } from '../domain/offsets.js';

/** A labelled example: what a curator reads, and what votes. */
export interface MemoryEntry {
  /** Hash of text, spans, types and label: the same example has the same id in every build. */
  readonly id: string;
  readonly text: string;
  /** Types are the encoder's mention types. */
  readonly subject: Span & { readonly type: string };
  readonly object: Span & { readonly type: string };
  /** Predicate id or NIL. */
  readonly label: string;
  /** Where it comes from: `people.jsonl:12`, a data set, a curator. */
  readonly origin: string;
}

/** The k nearest entries of each query, nearest first; ties go to the lower entry index. */
export interface SearchHits {
  /** Entries found for each query: min(k, size of the memory). */
  readonly k: number;
  /** queries x k entry indices. */
  readonly indices: Int32Array;
  /** queries x k squared L2 distances after the memory's normalisation, >= 0. */
  readonly squaredDistances: Float32Array;
}

export interface EntryFilter {
  readonly labels?: readonly string[];
  /** Case-insensitive substring of the entry's text. */
  readonly text?: string;
  readonly origin?: string;
}

/** A named, versioned, immutable set of entries that can be searched by representation. */
export interface Memory {
  /** What it was opened as: `general`, or `general@1.0.0` where a version was asked for. */
  readonly name: string;
  readonly version: string;
  readonly manifest: MemoryManifest;
  readonly size: number;
  /** @throws RangeError outside 0..size-1 */
  entry(index: number): MemoryEntry;
  /** Index of the entry with this id, or -1. */
  indexOf(entryId: string): number;
  /** Entries that match, in the package's order. */
  filter(filter: EntryFilter): readonly MemoryEntry[];
  /**
   * Search off the event loop, all queries in one batch: exact, unless the package's index answers, which may miss
   * an entry (see `search-choice.ts`); the distances are exact in both.
   * @param queries count x representationSize raw representations, row-major; normalised here if the memory is
   */
  search(queries: Float32Array, count: number, k: number): Promise<SearchHits>;
  close(): Promise<void>;
}

/** Ways in which the entries of a package came about. */
export const BUILD_METHODS = [
  'sentences',
  'labelled-data',
  'distant-supervision',
  'import',
  'derivation',
] as const;
export type BuildMethod = (typeof BUILD_METHODS)[number];

/** A value that JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** How a package was built, so that the same can be built again. */
export interface BuildRecord {
  readonly by: BuildMethod;
  /** Files that were read, or for a derivation the packages (`general@1.0.0` with the hash of their entries). */
  readonly inputs: readonly { readonly path: string; readonly sha256: string; readonly bytes: number }[];
  readonly settings: Readonly<Record<string, Json>>;
}

export interface MemoryManifest {
  readonly formatVersion: 1;
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  /** The encoder that made the keys: `name@version` and the sha256 of its ONNX file. */
  readonly model: string;
  readonly modelHash: string;
  readonly representationSize: number;
  /** Whether keys and queries are scaled to length 1 before distances are taken. */
  readonly normalised: boolean;
  readonly entries: number;
  readonly countsByLabel: Readonly<Record<string, number>>;
  readonly sources: readonly string[];
  /** Absent in packages built from `source/*.jsonl`. */
  readonly built?: BuildRecord | undefined;
  /** `any`: entries may have labels that neither encoder nor schema knows; such a memory is for research alone. */
  readonly labels?: 'known' | 'any' | undefined;
  /** How the keys of keys.bin are kept, entries x representationSize, row-major: see `key-codec.ts`. */
  readonly keyType: 'int8' | 'float16' | 'float32';
  readonly files: readonly { readonly path: string; readonly sha256: string; readonly bytes: number }[];
}
