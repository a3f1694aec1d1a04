import type { Sentence } from '../../domain/model.js';
import {
  MAX_HITS,
  type EntityHit,
  type SearchHits,
  type SearchQuery,
  type SentenceHit,
} from '../graph-queries.js';
import { highlightsOf, searchTerms, type SearchTerms } from '../queries/search-text.js';
import { checkRange } from '../queries/triple-scanner.js';
import { int, type Neo4jConnection } from './connection.js';
import * as rows from './rows.js';

/** `GraphQueries.search` over the two full-text indexes. @throws NeighborKbError INVALID_ARGUMENT */
export async function search(
  connection: Neo4jConnection,
  { text, kinds, first }: SearchQuery,
): Promise<SearchHits> {
  checkRange('first', first, MAX_HITS);
  const terms = searchTerms(text);
  const query = luceneQuery(terms);
  const [entities, entityCount] = kinds.includes('entity')
    ? await Promise.all([
        entityHits(connection, terms, query, first),
        count(connection, COUNT_ENTITIES, query),
      ])
    : [[], 0];
  const [sentences, sentenceCount] = kinds.includes('sentence')
    ? await Promise.all([
        sentenceHits(connection, terms, query, first),
        count(connection, COUNT_SENTENCES, query),
      ])
    : [[], 0];
  return { entities, entityCount, sentences, sentenceCount };
}

/** Lucene's whitespace tokenizer cuts a word after every 255 UTF-16 units. */
const TOKENS = /[^]{1,255}/g;

/** Lucene's syntax: all of the terms. Folded terms hold letters, digits, + and #; the plus means something there. */
function luceneQuery({ terms, prefix }: SearchTerms): string {
  return terms
    .flatMap((term, place) => {
      const tokens = term.match(TOKENS) ?? [];
      const isBegun = prefix && place === terms.length - 1;
      return tokens.map((token, part) => required(token, isBegun && part === tokens.length - 1));
    })
    .join(' ');
}

/** Names are stored with the sigma that ends a word, sentences without. */
function required(token: string, isBegun: boolean): string {
  const asked = `${token.replaceAll('+', '\\+')}${isBegun ? '*' : ''}`;
  const forms = token.endsWith('σ') ? [asked, asked.replace(/σ(?=\*?$)/u, 'ς')] : [asked];
  return forms.length === 1 ? `+${asked}` : `+(${forms.join(' ')})`;
}

const NAMES = `CALL db.index.fulltext.queryNodes('name_terms', $query) YIELD node AS n
  MATCH (e:Entity)-[:GOES_BY]->(n)`;
const COUNT_ENTITIES = `${NAMES} RETURN count(DISTINCT e) AS count`;
const COUNT_SENTENCES = `CALL db.index.fulltext.queryNodes('sentence_terms', $query) YIELD node
  RETURN count(node) AS count`;

async function count(connection: Neo4jConnection, statement: string, query: string): Promise<number> {
  const [row] = await connection.read<{ count: number }>(statement, { query });
  return row?.count ?? 0;
}

interface EntityHitRow {
  readonly node: rows.EntityNode;
  readonly name: string;
  readonly score: number;
}

/** A last word that is only begun counts half. */
async function entityHits(
  connection: Neo4jConnection,
  terms: SearchTerms,
  query: string,
  first: number,
): Promise<EntityHit[]> {
  const found = await connection.read<EntityHitRow>(
    `${NAMES}
     WITH e, n, ($terms - CASE WHEN (' ' + replace(n.normalised, 'ς', 'σ') + ' ') CONTAINS $last THEN 0.0 ELSE 0.5 END)
       / size(split(n.normalised, ' ')) AS share
     WITH e, n, CASE WHEN share > 1.0 THEN 1.0 ELSE share END AS score
     ORDER BY score DESC, n.text <> e.name, n.text
     WITH e, collect({name: n.text, score: score})[0] AS best
     ORDER BY best.score DESC, e.mentions DESC, e.id LIMIT $first
     RETURN ${rows.ENTITY}, best.name AS name, best.score AS score
     ORDER BY score DESC, e.mentions DESC, e.id`,
    { query, first: int(first), terms: terms.terms.length, last: ` ${terms.terms.at(-1) ?? ''} ` },
  );
  return found.map(({ node, name, score }) => ({
    entity: rows.entityOf(node),
    name,
    score,
    highlights: highlightsOf(name, terms),
  }));
}

interface SentenceHitRow {
  readonly node: Sentence;
  readonly text: string;
  readonly score: number;
}

async function sentenceHits(
  connection: Neo4jConnection,
  terms: SearchTerms,
  query: string,
  first: number,
): Promise<SentenceHit[]> {
  const found = await connection.read<SentenceHitRow>(
    `CALL db.index.fulltext.queryNodes('sentence_terms', $query) YIELD node AS s, score
     WITH s, score ORDER BY score DESC, s.id LIMIT $first
     MATCH ${rows.SENTENCE_MATCH}
     RETURN ${rows.SENTENCE}, s.text AS text, score ORDER BY score DESC, s.id`,
    { query, first: int(first) },
  );
  return found.map(({ node, text, score }) => ({
    sentence: rows.sentenceOf(node),
    text,
    score,
    highlights: highlightsOf(text, terms),
  }));
}
