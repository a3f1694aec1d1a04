import { createReadStream } from 'node:fs';
import { extname } from 'node:path';
import { pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { NeighborKbError } from '../../domain/errors.js';
import { namesOfDate } from './date-names.js';
import type { Fact, FactEntity } from './facts.js';
import { predicateNamed, type FactReading } from './fact-reading.js';
import { readTripleFacts } from './fact-triples.js';

/** Forms in which facts come. */
export const FACT_FORMATS = ['csv', 'tsv', 'nt'] as const;
export type FactFormat = (typeof FACT_FORMATS)[number];

/** @throws NeighborKbError INVALID_ARGUMENT where the extension tells no format */
export function factFormatOf(path: string): FactFormat {
  const extension = extname(path).slice(1).toLowerCase();
  const format = FACT_FORMATS.find((known) => known === extension);
  if (format) return format;
  throw new NeighborKbError('INVALID_ARGUMENT', `${path}: expected .csv, .tsv or .nt`, ['facts']);
}

/**
 * Reads facts from a file: CSV or TSV with a header, or N-Triples.
 *
 * Columns: `subject`, `predicate`, `object`; optional `subject_id` and `object_id` (else the name is what tells entities
 * apart), `subject_type` and `object_type`, `subject_aliases` and `object_aliases` (separated by |). Others are left
 * alone, so that what `neighborkb export --format csv` writes can be read. A predicate is an id or name of the schema,
 * or a Wikidata property that one covers or is the inverse of.
 *
 * @throws NeighborKbError INVALID_FILE naming file, line and column
 */
export async function* readFacts(path: string, reading: FactReading): AsyncGenerator<Fact> {
  const format = factFormatOf(path);
  if (format === 'nt') yield* readTripleFacts(path, reading);
  else yield* readTable(path, format === 'csv' ? ',' : '\t', reading);
}

type Row = Readonly<Record<string, string | undefined>>;

async function* readTable(path: string, delimiter: string, reading: FactReading): AsyncGenerator<Fact> {
  const parser = parse({
    bom: true,
    columns: true,
    delimiter,
    info: true,
    trim: true,
    skip_empty_lines: true,
    // Tab-separated files seldom quote: a quotation mark is part of a name.
    quote: delimiter === ',' ? '"' : null,
  });
  pipeline(createReadStream(path), parser, () => undefined); // iterating the parser throws
  let line = 1;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: Row; info: { lines: number } }>) {
      line = info.lines;
      const fact = factOfRow(record, path, line, reading);
      if (fact) yield fact;
    }
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw new NeighborKbError('INVALID_FILE', `${path}:${line}: ${cause.message}`, [path, line], { cause });
  }
}

function factOfRow(row: Row, path: string, line: number, reading: FactReading): Fact | null {
  const column = (name: string): string => {
    const value = row[name];
    if (value !== undefined && value !== '') return value;
    const what = value === undefined ? 'is missing: the header must name it' : 'is empty';
    throw new NeighborKbError('INVALID_FILE', `${path}:${line}: ${name} ${what}`, [path, line, name]);
  };
  const entity = (role: 'subject' | 'object'): FactEntity => {
    const name = column(role);
    const type = row[`${role}_type`];
    const aliases = (row[`${role}_aliases`] ?? '').split('|').map((alias) => alias.trim());
    const dates = namesOfDate(name);
    return {
      key: row[`${role}_id`] || name,
      names: [name, ...aliases.filter((alias) => alias !== ''), ...dates],
      ...(type === undefined || type === '' ? {} : { type }),
    };
  };
  const name = column('predicate');
  const known = predicateNamed(name, reading.schema);
  if (!known && reading.onUnknownPredicate) {
    reading.onUnknownPredicate(name);
    return null;
  }
  const [subject, object] = [entity('subject'), entity('object')];
  const place = [path, line];
  // What the schema does not know may still be a label of the encoder: whoever gathers the facts decides.
  if (!known) return { subject, predicate: name, object, place };
  return known.inverse
    ? { subject: object, predicate: known.id, object: subject, place }
    : { subject, predicate: known.id, object, place };
}
