import type { KeyType } from '../key-codec.js';

/** Kinds of approximate indexes: how a list of an inverted file keeps its vectors. */
export const INDEX_KINDS = ['ivf-flat', 'ivf-sq8', 'ivf-pq'] as const;
export type IndexKind = (typeof INDEX_KINDS)[number];

/** Where the keys of a package lie, and how. */
export interface KeySource {
  readonly keysPath: string;
  readonly keyType: KeyType;
  readonly dimension: number;
  readonly entries: number;
  /** Scale keys and queries to length 1. */
  readonly normalised: boolean;
}

/** What a built index is, and how well it finds. */
export interface IndexFacts {
  readonly kind: IndexKind;
  /** Lists of the inverted file. */
  readonly lists: number;
  /** Lists that a search looks into. */
  readonly probes: number;
  /** Entries whose distances are taken exactly, for each neighbour that is asked for. */
  readonly candidatesPerNeighbour: number;
  /** Share of the 32 nearest that a search finds, measured when the index was built. */
  readonly recall: number;
  /** Entries for which the recall was measured. */
  readonly measuredOn: number;
}

export interface BuildRequest {
  readonly do: 'build';
  readonly keys: KeySource;
  readonly indexPath: string;
  readonly kind: IndexKind;
  /** Undefined: as many as suit the number of entries. */
  readonly lists: number | undefined;
  /** Recall to reach, in (0, 1]. */
  readonly recall: number;
  readonly threads: number;
}

export interface OpenRequest {
  readonly do: 'open';
  readonly keys: KeySource;
  readonly indexPath: string;
  readonly candidatesPerNeighbour: number;
  readonly threads: number;
}

export interface SearchRequest {
  readonly do: 'search';
  /** Raw queries, count x dimension. */
  readonly queries: Float32Array;
  /** 1..entries. */
  readonly k: number;
}

export interface SearchAnswer {
  /** queries x k, nearest first. */
  readonly indices: Int32Array;
  readonly squaredDistances: Float32Array;
  /** Bytes that the library has lost in this process: it does not free queries. */
  readonly lostBytes: number;
}

/** Requests and what answers them. */
export interface Conversation {
  readonly build: { readonly request: BuildRequest; readonly answer: IndexFacts };
  readonly open: { readonly request: OpenRequest; readonly answer: null };
  readonly search: { readonly request: SearchRequest; readonly answer: SearchAnswer };
}
export type Verb = keyof Conversation;

export interface ToProcess {
  readonly id: number;
  readonly request: Conversation[Verb]['request'];
}

export type FromProcess =
  | { readonly id: number; readonly is: 'progress'; readonly done: number; readonly total: number }
  | { readonly id: number; readonly is: 'answer'; readonly answer: Conversation[Verb]['answer'] }
  | {
      readonly id: number;
      readonly is: 'error';
      /** Name of the error's class. */
      readonly name: string;
      readonly message: string;
    };
