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
import type { Connection } from './connection.js';
import { countTriplesOf } from './count-triples.js';
import { triplesOf } from './owned-triples.js';
import { extractedDocuments } from './read-whole-documents.js';
import { search } from './search.js';
import { sqliteTripleScanner } from './triple-scan.js';

/** The embedded adapter of `GraphQueries`: reads the last committed state. */
export class SqliteGraphQueries implements GraphQueries {
  private readonly scanner: TripleScanner;

  /** @param reader the open store's connection for reads; throws while it is not open */
  constructor(private readonly reader: () => Connection) {
    this.scanner = sqliteTripleScanner(reader);
  }

  async shortestPaths(query: PathQuery) {
    return shortestPaths(this.scanner, query);
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
