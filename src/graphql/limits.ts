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
  neighbourhoodDepth: 4,
  neighbourhoodTriples: 500,
  /** Entries that a search by similarity ranks. */
  similarEntries: 1_000,
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

/** How many fields an operation returns at most below a paged or listed field, for the cost of operations. */
export function costOfList(defaultSize: number) {
  return ({ args, childComplexity }: { args: Record<string, unknown>; childComplexity: number }): number => {
    const asked = typeof args['first'] === 'number' ? args['first'] : args['limit'];
    const size = typeof asked === 'number' ? Math.max(1, Math.min(asked, LIMITS.pageSize)) : defaultSize;
    return 1 + size * Math.max(1, childComplexity);
  };
}
