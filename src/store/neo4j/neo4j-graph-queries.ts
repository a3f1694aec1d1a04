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
import { resolvedFilter } from './redirects.js';
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
    return shortestPaths(this.scanner, await this.resolved(query));
  }

  async matchTriples(query: PatternQuery) {
    const patterns = await Promise.all(query.patterns.map((pattern) => this.resolved(pattern)));
    return matchTriples(this.scanner, { ...query, patterns });
  }

  async search(query: SearchQuery) {
    return search(this.reader(), query);
  }

  async changes(query: ChangeQuery) {
    return readChanges(this.reader(), query);
  }

  async triplesOf(owner: TripleOwner, ids: readonly string[], query: TripleQuery) {
    return triplesOf(this.reader(), owner, ids, await this.resolved(query));
  }

  async countTriplesOf(
    owner: TripleOwner,
    ids: readonly string[],
    by: TripleCountField,
    filter: TripleFilter,
  ) {
    const resolved = await resolvedFilter(this.reader(), filter);
    return countTriplesOf(this.reader(), owner, ids, by, resolved ?? {});
  }

  async extractedDocuments(ids: readonly DocumentId[]) {
    return extractedDocuments(this.reader(), ids);
  }

  /** The query with entity ids in its filter that stand for others replaced by what they stand for. */
  private async resolved<Query extends { readonly filter?: TripleFilter }>(query: Query): Promise<Query> {
    const filter = await resolvedFilter(this.reader(), query.filter);
    return filter === undefined ? query : { ...query, filter };
  }
}
