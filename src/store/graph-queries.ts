import type { DocumentId, EntityId, TripleId } from '../domain/identity.js';
import type { Span } from '../domain/offsets.js';
import type { Entity, ExtractedDocument, Sentence, Triple } from '../domain/model.js';
import type { Page, TripleCount, TripleCountField, TripleFilter, TripleQuery } from './graph-store.js';

/**
 * Questions to the whole graph, beside what `GraphStore` reads by id and by page. Both adapters answer alike:
 * one contract suite (`test/store/contract-queries.ts`) holds them to it. What walks the graph (paths, patterns)
 * is written once, in `queries/`, over the batched reads of an adapter.
 */
export interface GraphQueries {
  /**
   * The shortest ways from one entity to another over triples in either direction, best first: a path's
   * confidence is the product of its triples'. All paths are of the same, smallest length.
   *
   * @returns null where one of the entities is not there
   * @throws NeighborKbError INVALID_ARGUMENT naming the field
   */
  shortestPaths(query: PathQuery): Promise<Paths | null>;

  /**
   * Ways to fill a pattern's variables so that each of its triples is in the graph.
   * @throws NeighborKbError INVALID_ARGUMENT naming the field
   */
  matchTriples(query: PatternQuery): Promise<PatternMatches>;

  /**
   * Entities by the words of their names, and sentences by their words.
   * @throws NeighborKbError INVALID_ARGUMENT naming the field
   */
  search(query: SearchQuery): Promise<SearchHits>;

  /**
   * What was created, changed and removed since a cursor, oldest first; everything there is once, with its latest
   * change. Written in the transaction that made the change, so nothing is missed and nothing is early.
   *
   * @throws NeighborKbError INVALID_ARGUMENT at `after` for a cursor of another store
   */
  changes(query: ChangeQuery): Promise<ChangePage>;

  /** A page of triples of each owner: what `GraphStore.triples` gives for it, in a constant number of statements. */
  triplesOf(owner: TripleOwner, ids: readonly string[], query: TripleQuery): Promise<Page<Triple>[]>;

  /** What `GraphStore.countTriples` gives for the triples of each owner, in a constant number of statements. */
  countTriplesOf(
    owner: TripleOwner,
    ids: readonly string[],
    by: TripleCountField,
    filter: TripleFilter,
  ): Promise<TripleCount[][]>;

  /**
   * Whole documents as `saveDocument` took them: saving one elsewhere gives the same graph. Voters come with
   * evidence alone, since others' are not stored. Null where there is no such document.
   */
  extractedDocuments(ids: readonly DocumentId[]): Promise<(ExtractedDocument | null)[]>;
}

/** Whose triples: of an entity as their subject, as their object, or supported by a document. */
export type TripleOwner = 'subject' | 'object' | 'document';

/** Largest length of a path, and most paths of one answer; both begin at 1. */
export const MAX_PATH_LENGTH = 6;
export const MAX_PATHS = 20;

export interface PathQuery {
  readonly from: EntityId;
  readonly to: EntityId;
  /** Most triples on a path, 1..MAX_PATH_LENGTH. */
  readonly maxLength: number;
  /** 1..MAX_PATHS */
  readonly maxPaths: number;
  /** Which triples a path may use; all that are not rejected if absent. */
  readonly filter?: TripleFilter;
}

export interface Path {
  /** From `from` to `to`: one more than there are triples. */
  readonly entityIds: readonly EntityId[];
  /** Each connects the entity at its place with the next, in whichever direction it points. */
  readonly triples: readonly Triple[];
  /** Product of the triples' confidences, in [0, 1]. */
  readonly confidence: number;
}

export interface Paths {
  readonly paths: readonly Path[];
  /** The search was given up after MAX_EXAMINED_TRIPLES: there may be paths that are not here. */
  readonly truncated: boolean;
}

/** Most triples that one search for paths or one pattern looks at. */
export const MAX_EXAMINED_TRIPLES = 50_000;
/** Ways to fill parts of a pattern that one search may try: few triples can be put together in many ways. */
export const MAX_EXAMINED_FILLINGS = 500_000;

/** Most triples of a pattern, and most matches of one answer. */
export const MAX_PATTERN_TRIPLES = 4;
export const MAX_MATCHES = 500;

/** One end of a pattern's triple: an entity that is known, or a variable by its name. */
export type PatternEnd = { readonly entityId: EntityId } | { readonly variable: string };

/** One triple of a pattern; a variable that stands in several of them is the same entity in all. */
export interface TriplePattern {
  readonly subject: PatternEnd;
  /** Absent: any predicate. */
  readonly predicates?: readonly string[];
  readonly object: PatternEnd;
  /** Further conditions on the triple. */
  readonly filter?: TripleFilter;
}

export interface PatternQuery {
  /** 1..MAX_PATTERN_TRIPLES, connected by variables or known entities. */
  readonly patterns: readonly TriplePattern[];
  /** 1..MAX_MATCHES */
  readonly first: number;
}

export interface PatternMatch {
  /** The entity of each variable, in the order in which the pattern names them. */
  readonly bindings: readonly { readonly variable: string; readonly entityId: EntityId }[];
  /** The triple of each part of the pattern, in its order. */
  readonly triples: readonly Triple[];
}

export interface PatternMatches {
  readonly matches: readonly PatternMatch[];
  /** There are more, or the search was given up after MAX_EXAMINED_TRIPLES or MAX_EXAMINED_FILLINGS. */
  readonly truncated: boolean;
}

/** Most words of a search, most hits of each kind, and the fewest characters that a prefix has. */
export const MAX_SEARCH_TERMS = 10;
export const MAX_HITS = 100;
export const MIN_PREFIX_LENGTH = 2;

export interface SearchQuery {
  /** Words that all have to be there, in any order; the last one may be the beginning of a word. */
  readonly text: string;
  readonly kinds: readonly SearchKind[];
  /** Most hits of each kind, 1..MAX_HITS. */
  readonly first: number;
}
export type SearchKind = 'entity' | 'sentence';

export interface EntityHit {
  readonly entity: Entity;
  /** The best of its names that have all the words. */
  readonly name: string;
  /** Share of that name's words that were asked for, in (0, 1]. Equal ones: most mentioned first. */
  readonly score: number;
  /** Where the words stand in `name`, UTF-16 units, ascending. */
  readonly highlights: readonly Span[];
}

export interface SentenceHit {
  readonly sentence: Sentence;
  readonly text: string;
  /** BM25: higher is better; comparable within one answer alone. */
  readonly score: number;
  /** Where the words stand in `text`, UTF-16 units, ascending. */
  readonly highlights: readonly Span[];
}

export interface SearchHits {
  readonly entities: readonly EntityHit[];
  readonly entityCount: number;
  readonly sentences: readonly SentenceHit[];
  readonly sentenceCount: number;
}

export const CHANGE_KINDS = ['document', 'entity', 'triple'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

export interface ChangeQuery {
  /** 1..MAX_PAGE_SIZE */
  readonly first: number;
  /** A cursor of an earlier answer; absent: from the beginning. */
  readonly after?: string;
  /** Absent: all. */
  readonly kinds?: readonly ChangeKind[];
}

/** The latest change of one thing. */
export interface Change {
  readonly kind: ChangeKind;
  readonly id: DocumentId | EntityId | TripleId;
  /**
   * Seen from the cursor: `created` was not there then, `changed` was, `removed` is not there now. A document
   * changes with its text, title, source, metadata or predictions; an entity with its name or external ids; a
   * triple with its confidence, its evidence or its status.
   */
  readonly change: 'created' | 'changed' | 'removed';
  /** When its transaction ran. */
  readonly at: Date;
}

export interface ChangePage {
  readonly changes: readonly Change[];
  /** Where to go on, also where there was nothing. */
  readonly endCursor: string;
  readonly hasMore: boolean;
}
