import { spanText } from '../../domain/offsets.js';
import {
  MAX_HITS,
  type EntityHit,
  type SearchHits,
  type SearchQuery,
  type SentenceHit,
} from '../graph-queries.js';
import { highlightsOf, searchTerms, type SearchTerms } from '../queries/search-text.js';
import { checkRange } from '../queries/triple-scanner.js';
import type { Connection } from './connection.js';
import * as rows from './rows.js';

/** `GraphQueries.search` over the two full-text indexes. @throws NeighborKbError INVALID_ARGUMENT */
export function search(connection: Connection, { text, kinds, first }: SearchQuery): SearchHits {
  checkRange('first', first, MAX_HITS);
  const terms = searchTerms(text);
  const match = matchExpression(terms);
  const entities = kinds.includes('entity');
  const sentences = kinds.includes('sentence');
  return {
    entities: entities ? entityHits(connection, terms, match, first) : [],
    entityCount: entities ? countEntities(connection, match) : 0,
    sentences: sentences ? sentenceHits(connection, terms, match, first) : [],
    sentenceCount: sentences ? countSentences(connection, match) : 0,
  };
}

/** FTS5's syntax: quoted words, all of them; folded words hold no quotes. */
function matchExpression({ terms, prefix }: SearchTerms): string {
  const quoted = terms.map((term) => `"${term}"`).join(' AND ');
  return prefix ? `${quoted} *` : quoted;
}

/** Names that match; a last word that is only begun counts half. */
const MATCHING_NAMES = `SELECT n.entity_key, n.name,
    (? - CASE WHEN instr(' ' || replace(n.normalised, 'ς', 'σ') || ' ', ?) > 0 THEN 0 ELSE 0.5 END)
      / (length(n.normalised) - length(replace(n.normalised, ' ', '')) + 1) AS score
  FROM names_words w JOIN names n ON n.key = w.rowid WHERE names_words MATCH ?`;

interface EntityHitRow extends rows.EntityRow {
  readonly hit: string;
  readonly score: number;
}

function entityHits(connection: Connection, terms: SearchTerms, match: string, first: number): EntityHit[] {
  const last = ` ${terms.terms.at(-1) ?? ''} `;
  return connection
    .all<EntityHitRow>(
      `SELECT * FROM (
         SELECT ${rows.ENTITY_COLUMNS}, hit.name AS hit, min(1.0, hit.score) AS score, e.mentions,
           row_number() OVER (PARTITION BY e.key ORDER BY hit.score DESC, hit.name <> e.name, hit.name) AS place
         FROM (${MATCHING_NAMES}) hit JOIN entities e ON e.key = hit.entity_key
       ) WHERE place = 1 ORDER BY score DESC, mentions DESC, id LIMIT ?`,
      [terms.terms.length, last, match, first],
    )
    .map((row) => ({
      entity: rows.entityOf(row),
      name: row.hit,
      score: row.score,
      highlights: highlightsOf(row.hit, terms),
    }));
}

function countEntities(connection: Connection, match: string): number {
  return countOf(
    connection,
    `SELECT count(DISTINCT n.entity_key) AS count FROM names_words w JOIN names n ON n.key = w.rowid
     WHERE names_words MATCH ?`,
    match,
  );
}

interface SentenceHitRow extends rows.SentenceRow {
  readonly score: number;
  readonly document_key: number;
}

function sentenceHits(
  connection: Connection,
  terms: SearchTerms,
  match: string,
  first: number,
): SentenceHit[] {
  const found = connection.all<SentenceHitRow>(
    `WITH hit AS MATERIALIZED (
       SELECT rowid AS key, -bm25(sentences_words) AS score FROM sentences_words
       WHERE sentences_words MATCH ? ORDER BY rank, rowid LIMIT ?
     )
     SELECT ${rows.SENTENCE_COLUMNS}, s.document_key, hit.score
     FROM ${rows.SENTENCE_TABLES} JOIN hit ON hit.key = s.key ORDER BY hit.score DESC, s.id`,
    [match, first],
  );
  const texts = textsOf(connection, [...new Set(found.map((row) => row.document_key))]);
  return found.map((row) => {
    const sentence = rows.sentenceOf(row);
    const text = spanText(texts.get(row.document_key) ?? '', sentence);
    return { sentence, text, score: row.score, highlights: highlightsOf(text, terms) };
  });
}

function textsOf(connection: Connection, keys: readonly number[]): ReadonlyMap<number, string> {
  const found = connection.all<{ key: number; text: string }>(
    'SELECT key, text FROM documents WHERE key IN (SELECT value FROM json_each(?))',
    [JSON.stringify(keys)],
  );
  return new Map(found.map(({ key, text }) => [key, text]));
}

function countSentences(connection: Connection, match: string): number {
  return countOf(
    connection,
    'SELECT count(*) AS count FROM sentences_words WHERE sentences_words MATCH ?',
    match,
  );
}

function countOf(connection: Connection, sql: string, match: string): number {
  return connection.first<{ count: number }>(sql, [match])?.count ?? 0;
}
