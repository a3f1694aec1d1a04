import { MAX_FILTER_DEPTH, MAX_FILTER_PARTS } from '../store/filter-tree.js';
import {
  MAX_EXAMINED_TRIPLES,
  MAX_HITS,
  MAX_MATCHES,
  MAX_PATHS,
  MAX_PATH_LENGTH,
  MAX_PATTERN_TRIPLES,
  MAX_SEARCH_TERMS,
} from '../store/graph-queries.js';
import { MAX_PAGE_SIZE } from '../store/graph-store.js';

/**
 * Every limit of the API that does not depend on the configuration. Descriptions in the schema state them;
 * what goes past them gets INVALID_ARGUMENT or, for the shape of an operation, GRAPHQL_VALIDATION_FAILED.
 */
export const LIMITS = {
  pageSize: MAX_PAGE_SIZE,
  defaultPageSize: 50,
  /** Evidence and other links inside a page: kept small, since each multiplies the page. */
  defaultInnerPageSize: 10,
  /** Values that `countsBy` returns unless it is told otherwise. */
  defaultCounts: 100,
  filterDepth: MAX_FILTER_DEPTH,
  filterParts: MAX_FILTER_PARTS,
  neighbourhoodDepth: 4,
  neighbourhoodTriples: 500,
  pathLength: MAX_PATH_LENGTH,
  paths: MAX_PATHS,
  patternTriples: MAX_PATTERN_TRIPLES,
  matches: MAX_MATCHES,
  /** Triples that a search for paths or for a pattern looks at. */
  examinedTriples: MAX_EXAMINED_TRIPLES,
  searchWords: MAX_SEARCH_TERMS,
  searchHits: MAX_HITS,
  /** Entries that a search by similarity ranks. */
  similarEntries: 1_000,
  /** Points of a memory's projection. */
  projectedEntries: 5_000,
  /** Entries of a dictionary that one call imports. */
  dictionaryEntries: 10_000,
  /** Ids, names or predicates in one set of a filter. */
  setSize: 500,
  /** UTF-16 units of a search text. */
  searchLength: 500,
  /** UTF-16 units of a text given to `similarTo`. */
  similarTextLength: 4_000,
  /** Selections below one another in an operation. */
  depth: 18,
  aliases: 30,
  directives: 20,
  /** Lexical tokens of an operation. */
  tokens: 4_000,
  /** Fields that an operation may return, counted as if every page and list were full. */
  cost: 250_000,
  /** Operations that one WebSocket may run at a time. */
  subscriptionsPerSocket: 50,
} as const;

/** What descriptions say of filters within filters. */
export const JOINED = `filters nest at most ${LIMITS.filterDepth} deep and have at most ${LIMITS.filterParts} parts`;

/** How many fields an operation returns at most below a paged or listed field, for the cost of operations. */
export function costOfList(defaultSize: number) {
  return ({ args, childComplexity }: { args: Record<string, unknown>; childComplexity: number }): number => {
    const asked = typeof args['first'] === 'number' ? args['first'] : args['limit'];
    const size = typeof asked === 'number' ? Math.max(1, Math.min(asked, LIMITS.pageSize)) : defaultSize;
    return 1 + size * Math.max(1, childComplexity);
  };
}
