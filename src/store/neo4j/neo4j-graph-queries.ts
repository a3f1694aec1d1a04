import type { DocumentId } from '../../domain/identity.js';
import type {
  ChangeQuery,
  GraphQueries,
  PathQuery,
  PatternQuery,
  SearchQuery,
  TripleOwner,
} from '../graph-queries.js';
import type { TripleCountField, TripleFilter, TripleQuery } from '../graph-store.js';
import { shortestPaths } from '../queries/paths.js';
import { matchTriples } from '../queries/patterns.js';
import type { TripleScanner } from '../queries/triple-scanner.js';
import { readChanges } from './change-log.js';
import type { Neo4jConnection } from './connection.js';
import { countTriplesOf, triplesOf } from './owned-triples.js';
import { extractedDocuments } from './read-whole-documents.js';
import { resolvedIds } from './redirects.js';
import { search } from './search.js';
import { neo4jTripleScanner } from './triple-scan.js';

/** The adapter of `GraphQueries` for a Neo4j server. */
export class Neo4jGraphQueries implements GraphQueries {
  private readonly scanner: TripleScanner;

  /** @param reader the open store's connection; throws while it is not open */
  constructor(private readonly reader: () => Neo4jConnection) {
    this.scanner = neo4jTripleScanner(reader);
  }

  async shortestPaths(query: PathQuery) {
    const [from, to] = await resolvedIds(this.reader(), [query.from, query.to]);
    return shortestPaths(this.scanner, { ...query, from: from ?? query.from, to: to ?? query.to });
  }

  async matchTriples(query: PatternQuery) {
    return matchTriples(this.scanner, query);
  }

  async search(query: SearchQuery) {
    return search(this.reader(), query);
  }

  async changes(query: ChangeQuery) {
    return readChanges(this.reader(), query);
  }

  async triplesOf(owner: TripleOwner, ids: readonly string[], query: TripleQuery) {
    return triplesOf(this.reader(), owner, ids, query);
  }

  async countTriplesOf(
    owner: TripleOwner,
    ids: readonly string[],
    by: TripleCountField,
    filter: TripleFilter,
  ) {
    return countTriplesOf(this.reader(), owner, ids, by, filter);
  }

  async extractedDocuments(ids: readonly DocumentId[]) {
    return extractedDocuments(this.reader(), ids);
  }
}
