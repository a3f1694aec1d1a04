import type { TripleCount, TripleCountField, TripleFilter } from '../graph-store.js';
import { int, type Neo4jConnection } from './connection.js';
import { Parameters } from './keyset.js';
import { wholeFilter } from './read-triples.js';

/** What a count groups by: its value, what else than `t` it needs, and when a triple has one. */
export interface CountSource {
  readonly value: string;
  readonly match?: string;
}

const dateMatch = (precisions: string) =>
  `MATCH (date:Entity {id: t.objectId}) WHERE date.datePrecision IN [${precisions}]`;
const cut = (characters: number) => `left(date.dateIso, size(date.dateIso) - ${characters})`;
const BAND = `CASE WHEN t.confidence >= 0.9 THEN 9 ELSE toInteger(floor(t.confidence * 10)) END`;
const tenths = (band: string) => `toString(${band} / 10) + '.' + toString(${band} % 10)`;

export const COUNT_SOURCES: Readonly<Record<TripleCountField, CountSource>> = {
  predicate: { value: 't.predicate' },
  subjectType: { value: 't.subjectType' },
  objectType: { value: 't.objectType' },
  status: { value: 't.status' },
  document: {
    value: 'd.id',
    match: `MATCH (t)<-[:SUPPORTS]-(:Prediction)<-[:HAS_PREDICTION]-(:Sentence)<-[:HAS_SENTENCE]-(d:Document)
      WITH DISTINCT t, d`,
  },
  // What follows the year is -MM-DD or -MM.
  objectYear: {
    value: `CASE date.datePrecision WHEN 'day' THEN ${cut(6)} WHEN 'month' THEN ${cut(3)} ELSE date.dateIso END`,
    match: dateMatch(`'day', 'month', 'year'`),
  },
  objectMonth: {
    value: `CASE date.datePrecision WHEN 'day' THEN ${cut(3)} ELSE date.dateIso END`,
    match: dateMatch(`'day', 'month'`),
  },
  confidenceBand: {
    value: `${tenths('band')} + '-' + ${tenths('(band + 1)')}`,
    match: `WITH t, ${BAND} AS band`,
  },
};

export async function countTriples(
  connection: Neo4jConnection,
  by: TripleCountField,
  filter: TripleFilter,
  limit?: number,
): Promise<TripleCount[]> {
  const { value, match = '' } = COUNT_SOURCES[by];
  const parameters = new Parameters();
  const { where } = wholeFilter(filter, parameters);
  return connection.read<TripleCount>(
    `MATCH (t:Triple) WHERE ${where} ${match}
     WITH ${value} AS key, count(*) AS count
     RETURN key, count ORDER BY count DESC, key
     ${limit === undefined ? '' : `LIMIT ${parameters.add(int(limit))}`}`,
    parameters.values,
  );
}
